/** The cache of changelogs may fail at any step: that costs time, and nothing else. */
import { expect, test } from "vitest";
import { parseSha256 } from "../../src/repository/index.ts";
import { openChangelogCache } from "../../src/store/index.ts";
import { temporaryDirectory } from "../support/index.ts";
import { withFault } from "./faulty-disk.ts";

const deb = parseSha256("ab".repeat(32));
const found = { kind: "link", target: "hello" } as const;

test.each(["EIO", "ENOSPC", "EROFS", "unreadable"] as const)(
  "a cache that fails with %s is none",
  async (fault) => {
    let failures = 0;
    for (let at = 1; at < 100; at++) {
      await using directory = await temporaryDirectory("changelogs-");
      const cache = openChangelogCache({ changelogs: directory.join("state/changelogs") });
      const { outcome, failed } = await withFault(fault, at, () => {
        cache.write(deb, found);
        return cache.read(deb);
      });
      if (failed.length === 0) break;
      failures += 1;
      expect([{ result: found }, { result: undefined }]).toContainEqual(outcome);
      cache.write(deb, found);
      expect(cache.read(deb)).toEqual(found);
    }
    expect(failures).toBeGreaterThan(0);
  },
);
