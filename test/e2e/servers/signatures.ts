import { completes, fails, type ServerCase } from "./case.ts";
import type { CaseSite } from "./case-site.ts";
import { answering, meeting, pathIn } from "./misbehaviour.ts";
import { inRelease } from "./repository.ts";

const release = "/dists/stable/Release";
const signature = "/dists/stable/Release.gpg";

/** Cases about Release, Release.gpg and InRelease, which no server replaces at one instant. */
export const signatureCases: readonly ServerCase[] = [
  {
    server: "answers 404 for InRelease, and has Release and Release.gpg",
    sync: completes({ without: { files: /InRelease/, inWords: "InRelease" } }),
    misbehave: meeting({ path: inRelease.path, status: 404 }),
  },
  {
    server: "answers 404 for InRelease and 403 for Release",
    sync: fails("dists/stable/Release: the server forbids it (403)"),
    misbehave: meeting({ path: inRelease.path, status: 404 }, { path: release, status: 403 }),
  },
  {
    server: "has no InRelease, and replaces Release.gpg a moment later than Release",
    sync: completes({ without: { files: /InRelease/, inWords: "InRelease" } }),
    waitsMs: [2_000],
    misbehave(site) {
      meeting({ path: inRelease.path, status: 404 })(site);
      sendingOld(site, [signature], { times: 1 });
    },
  },
  {
    server: "has no InRelease, and a Release.gpg of another Release",
    sync: fails("PGP signature verification failed: invalid signature"),
    misbehave(site) {
      meeting({ path: inRelease.path, status: 404 })(site);
      sendingOld(site, [signature]);
    },
  },
  {
    server: "replaces Release and Release.gpg a moment later than InRelease",
    sync: completes(),
    waitsMs: [2_000],
    misbehave: (site) => sendingOld(site, [release, signature], { times: 1 }),
  },
  {
    server: "has an InRelease, and Release and Release.gpg of another day",
    sync: completes({
      without: { files: /^dists\/stable\/Release/, inWords: "Release and Release.gpg" },
      says: ["dists/stable/Release and Release.gpg do not agree with InRelease and are left out"],
    }),
    misbehave: (site) => sendingOld(site, [release, signature]),
  },
];

/** Files of the previous state that replace those of the new one. */
function sendingOld(
  site: CaseSite,
  paths: readonly string[],
  options: { readonly times?: number } = {},
): void {
  site.show("old");
  const old = new Map(paths.map((path) => [path, site.bytesAt(path)]));
  site.show("new");
  for (const path of paths)
    answering(path, (_site, request, response) => response.end(old.get(pathIn(request))), options)(site);
}
