import { completes, completesWithNewer, fails, type ServerCase } from "./case.ts";
import type { CaseSite } from "./case-site.ts";
import { answering, meeting, sendFile, sendZeros } from "./misbehaviour.ts";
import { inRelease, packagesIndex, type StateName, tool } from "./repository.ts";

/** Replaces the Release by the next one, just before the first answer for that path. */
const movesOn =
  (path: RegExp | string) =>
  (site: CaseSite): void => {
    site.fault({ path, times: 1, before: () => site.show("newer") });
  };

/** Replaces the Release each time before one of its indices is served. */
function movesOnAlways(site: CaseSite): void {
  let state: StateName = "new";
  let isRead = false;
  site.fault({ path: inRelease.path, before: () => void (isRead = true) });
  site.fault({
    path: packagesIndex,
    before() {
      if (!isRead) return;
      isRead = false;
      state = state === "new" ? "newer" : "new";
      site.show(state);
    },
  });
}

/** Cases about files that do not fit together, because the upstream changes or is broken. */
export const changeCases: readonly ServerCase[] = [
  {
    server: "promises names by hash, and has none",
    sync: completes(),
    misbehave: meeting({ path: /\/by-hash\//, status: 404 }),
  },
  {
    server: "has other bytes under the names by hash",
    sync: completes(),
    misbehave: meeting({ path: /\/by-hash\//, status: 200, body: "other bytes" }),
  },
  {
    server: "sends what a cache kept, until it is asked to pass it by",
    sync: completes(),
    misbehave: answering(packagesIndex, (site, request, response) => {
      const isPassedBy = request.headers["cache-control"] === "no-cache";
      sendFile(site, request, response, isPassedBy ? {} : { encode: (bytes) => Buffer.alloc(bytes.length) });
    }),
  },
  {
    server: "goes on to its next Release once InRelease was read, has names by hash and keeps old packages",
    sync: completes(),
    requests: { of: inRelease, count: 1 },
    misbehave(site) {
      const bytes = site.bytesAt(tool.path);
      answering(tool.path, (_site, _request, response) => response.end(bytes))(site);
      movesOn(packagesIndex)(site);
    },
  },
  {
    server: "goes on to its next Release once InRelease was read, and has no names by hash",
    withoutByHash: true,
    sync: completesWithNewer,
    misbehave: movesOn(packagesIndex),
  },
  {
    server: "goes on to its next Release as a package is asked for, which is then gone",
    sync: completesWithNewer,
    misbehave: movesOn(tool.path),
  },
  {
    server: "does so, and `allow_missing` is set",
    sync: completesWithNewer,
    misbehave(site) {
      movesOn(tool.path)(site);
      return { mirror: { allow_missing: true } };
    },
  },
  {
    server: "goes on to its next Release whenever it was read",
    withoutByHash: true,
    sync: fails("dists/stable/main/binary-amd64/Packages"),
    requests: { of: inRelease, count: 9 },
    waitsMs: [2_000, 4_000, 8_000, 16_000],
    misbehave: movesOnAlways,
  },
  {
    server: "has Packages in no form for a while",
    withoutByHash: true,
    sync: completes(),
    waitsMs: [2_000],
    misbehave: meeting({ path: /\/Packages/, status: 404, times: 3 }),
  },
  {
    server: "has a Packages that does not fit its Release for a while",
    withoutByHash: true,
    sync: completes(),
    waitsMs: [2_000, 4_000],
    misbehave: answering(packagesIndex, sendZeros, { times: 4 }),
  },
  {
    server: "has a Packages that does not fit its Release",
    withoutByHash: true,
    sync: fails("dists/stable/main/binary-amd64/Packages", "digest is"),
    waitsMs: [2_000, 4_000],
    misbehave: answering(packagesIndex, sendZeros),
  },
  {
    server: "has a package of other bytes than it lists",
    sync: fails("upstream lists a file that it does not have as listed", "digest is"),
    requests: { of: tool, count: 2 },
    misbehave: answering(tool.path, sendZeros),
  },
];
