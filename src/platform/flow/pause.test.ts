import { expect, test } from "vitest";
import { Interrupted } from "../../report/errors.ts";
import { pauseFor } from "./pause.ts";

test("a pause ends by itself", async () => {
  await expect(pauseFor(1, new AbortController().signal)).resolves.toBeUndefined();
});

test.each(["before", "during"])(
  "a pause that is interrupted %s it fails with the reason itself",
  async (when) => {
    const stop = new AbortController();
    const reason = new Interrupted("SIGTERM");
    if (when === "before") stop.abort(reason);
    const pause = pauseFor(60_000, stop.signal);
    stop.abort(reason);
    await expect(pause).rejects.toBe(reason);
  },
);
