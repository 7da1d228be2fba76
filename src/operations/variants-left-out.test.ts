import { expect, test } from "vitest";
import { variantsToAdd } from "./variants-left-out.ts";

const leftOut = ["amd64v2", "amd64v3"].map((variant) => ({
  variant,
  architecture: "amd64",
  suites: ["stonking"],
}));

test("proposes each variant after its base", () => {
  const proposed = ["i386", "amd64", "amd64v2", "amd64v3", "arm64"];
  expect(variantsToAdd(["i386", "amd64", "arm64"], leftOut)).toEqual([
    { ...leftOut[0], architectures: proposed },
    { ...leftOut[1], architectures: proposed },
  ]);
});

test("leaves out what is configured by now", () => {
  expect(variantsToAdd(["amd64", "amd64v3"], leftOut)).toEqual([
    { ...leftOut[0], architectures: ["amd64", "amd64v2", "amd64v3"] },
  ]);
});
