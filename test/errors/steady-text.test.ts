import { expect, test } from "vitest";
import { steadyText } from "./steady-text.ts";

test.each([
  ["root", "root"],
  ["uid 0", "'#0'"],
])("the owner of a file has the same name everywhere: %s", (name, argument) => {
  expect(
    steadyText(`/srv belongs to ${name}, and this is uid 12345. Run sudo -u ${argument} mirrorctl`),
  ).toBe("/srv belongs to mirrorctl, and this is uid 12345. Run sudo -u mirrorctl mirrorctl");
});
