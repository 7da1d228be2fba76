import { expect } from "vitest";
import type { Site } from "../support/site.ts";
import { stepsOf, withFault } from "./faulty-disk.ts";

/**
 * Does some work on a copy of a site, on which the first step of a kind fails with EIO. Returns the copy, which the caller
 * disposes of, and what the work threw.
 */
export async function failFirst(template: Site, kind: RegExp, work: (site: Site) => Promise<unknown>) {
  const steps = await stepsOnCopy(template, work);
  const site = await template.copy();
  const at = 1 + steps.findIndex((step) => kind.test(step));
  const { outcome, failed } = await withFault("EIO", at, () => work(site));
  expect(failed.map(({ call, path }) => `${call} ${path}`)).toEqual([expect.stringMatching(kind)]);
  return { site, error: "error" in outcome ? outcome.error : undefined };
}

async function stepsOnCopy(
  template: Site,
  work: (site: Site) => Promise<unknown>,
): Promise<readonly string[]> {
  await using rehearsal = await template.copy();
  return await stepsOf(() => work(rehearsal));
}
