import { checkLines } from "./test-support.ts";

checkLines([
  [
    "WARN  http://a/: dists/noble/InRelease: the Release of … is older than the one held",
    {
      type: "release-refused",
      url: "http://a/",
      reason: "dists/noble/InRelease: the Release of … is older than the one held",
    },
  ],
  [
    "INFO  Taking the Release of noble of 2026-05-04 03:02:01 UTC from http://b/",
    { type: "release-taken", suite: "noble", url: "http://b/", date: new Date("2026-05-04T03:02:01Z") },
  ],
  [
    "INFO  Taking the Release of noble from http://b/",
    { type: "release-taken", suite: "noble", url: "http://b/", date: undefined },
  ],
  [
    "INFO  PGP signature valid - signed by key 0xAAAA, 0xBBBB",
    { type: "signature-valid", suite: "noble", keyIds: ["AAAA", "BBBB"] },
  ],
  [
    "WARN  dists/stable/InRelease: signed by BB, but the Release held expects AA or CC (Signed-By)\n" +
      "Clients that have the held Release refuse this one until 2026-11-30 12:00:00 UTC",
    {
      type: "signer-changed",
      path: "dists/stable/InRelease",
      expected: ["AA", "CC"],
      found: ["BB"],
      validUntil: new Date("2026-11-30T12:00:00Z"),
    },
  ],
  [
    'WARN  dists/stable/InRelease:9: a broken line is ignored, as apt does: "x"; with it the field after it, "Suite"',
    {
      type: "release-remarked",
      path: "dists/stable/InRelease",
      remark: { kind: "line-broken", line: 9, text: "x", lostField: "Suite" },
    },
  ],
  [
    "WARN  dists/stable/InRelease: the Release expired: long ago (accepted: allow_expired)",
    {
      type: "release-noted",
      path: "dists/stable/InRelease",
      note: { kind: "accepted", reason: "the Release expired: long ago", option: "allow_expired" },
    },
  ],
  [
    "WARN  InRelease: the Release has no Date: its age cannot be checked",
    { type: "release-noted", path: "InRelease", note: { kind: "undated" } },
  ],
  [
    "WARN  InRelease: the Release is valid only until 2026-11-30T12:00:00.000Z",
    {
      type: "release-noted",
      path: "InRelease",
      note: { kind: "expiring", validUntil: new Date("2026-11-30T12:00:00Z") },
    },
  ],
  [
    'WARN  InRelease: the Release changes its Origin from "a" to "b"; clients accept that only with "apt-get update --allow-releaseinfo-change"',
    {
      type: "release-noted",
      path: "InRelease",
      note: { kind: "field-changed", field: "Origin", before: "a", now: "b" },
    },
  ],
  [
    "WARN  key 0x1 expired (accepted: allow_expired_keys)",
    {
      type: "signature-noted",
      suite: "stable",
      note: { kind: "accepted", reason: "key 0x1 expired", option: "allow_expired_keys" },
    },
  ],
  [
    "WARN  a signature was ignored: key 0x1 expired",
    {
      type: "signature-noted",
      suite: "stable",
      note: { kind: "signature-ignored", reason: "key 0x1 expired" },
    },
  ],
  [
    "WARN  key 0x1 is bound by SHA-1 self-signatures, which Debian 13 refuses since 2026-02-01: such clients will not accept this repository until the upstream renews its key",
    { type: "signature-noted", suite: "stable", note: { kind: "bound-by-sha1", keyId: "1" } },
  ],
  ["WARN  ubuntu-noble: signatures are not checked (no_pgp_check)", { type: "signatures-unchecked" }],
  [
    "WARN  ubuntu-noble: certificates are not checked (insecure_skip_verify)",
    { type: "certificates-unchecked" },
  ],
  [
    "DEBUG key file skipped: a.gpg: it is a directory",
    { type: "key-file-skipped", problem: "a.gpg: it is a directory" },
  ],
  [
    "WARN  dists/a/Release and Release.gpg are left out: GET b: 500",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "not-fetched", reason: "GET b: 500" },
    },
  ],
  [
    "WARN  dists/a/Release.gpg is left out: invalid signature",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "signature-refused", reason: "invalid signature" },
    },
  ],
  [
    "WARN  dists/a/Release does not agree with InRelease and is left out",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "disagree", hasSignature: false },
    },
  ],
  [
    "WARN  dists/a/Release and Release.gpg do not agree with InRelease and are left out",
    {
      type: "companions-left-out",
      path: "dists/a/Release",
      problem: { kind: "disagree", hasSignature: true },
    },
  ],
  [
    "DEBUG dists/a/Release.gpg: invalid signature",
    { type: "signature-refused", path: "dists/a/Release.gpg", reason: "invalid signature" },
  ],
  [
    "WARN  Release.gpg is not ASCII armor and is left out: apt refuses it, and accepts a repository without it",
    { type: "signature-not-armored", path: "Release.gpg" },
  ],
]);
