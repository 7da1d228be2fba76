import { expect, test } from "vitest";
import { minimize } from "./minimize.ts";

const minimized = async (text: string, fails: (text: string) => boolean, mayTry = true): Promise<string> => {
  const failing = async (input: Uint8Array): Promise<boolean> => fails(Buffer.from(input).toString());
  return Buffer.from(await minimize(Buffer.from(text), failing, () => mayTry)).toString();
};

test("keeps only what a failure needs", async () => {
  const text = "a lot of text with one needle, and another pin, somewhere in it";
  expect(await minimized(text, (part) => part.includes("needle") && part.includes("pin"))).toBe("needlepin");
  expect(await minimized(text, () => true)).toBe("");
});

test("returns the input if no part can be removed, or the attempts are used up", async () => {
  expect(await minimized("whole", (part) => part === "whole")).toBe("whole");
  expect(await minimized("whole", () => true, false)).toBe("whole");
});
