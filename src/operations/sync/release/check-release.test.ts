import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createSigningKey, type SigningKey, type SuiteOptions } from "../../../../test/support/index.ts";
import { openMirror } from "../test-support.ts";

const dayMs = 86_400_000;

interface Successor {
  /** The Signed-By of the Release that is held; undefined for none. */
  readonly signedBy?: (held: SigningKey, next: SigningKey) => string | undefined;
  readonly options?: SuiteOptions;
  /** How long the Release that is held is valid, from now; 0 for one without Valid-Until. */
  readonly validForMs?: number;
  /** How far the clock is ahead when the next Release comes. */
  readonly aheadMs?: number;
  /** Sign the next Release with the key of the first too. */
  readonly signBoth?: boolean;
  readonly extra?: string;
}

/** Returns the messages about a Release by another key than the one before, and about the sync after it. */
async function saidOfSuccessor({
  signedBy = (held) => held.fingerprint,
  options = {},
  validForMs = 30 * dayMs,
  aheadMs = 0,
  signBoth = false,
  extra = "",
}: Successor = {}): Promise<{
  readonly first: string;
  readonly next: string;
  readonly again: string;
  byNext: string;
}> {
  await using mirror = await openMirror();
  const next = await createSigningKey({ subkey: true });
  mirror.trust(mirror.key.publicKeyArmored, next.publicKeyArmored);
  const value = signedBy(mirror.key, next);
  const extraReleaseFields = {
    ...(value === undefined ? {} : { "Signed-By": value }),
    ...(validForMs === 0 ? {} : { "Valid-Until": new Date(Date.now() + validForMs).toUTCString() }),
  };
  mirror.upstream
    .suite("stable", { extraReleaseFields, signatures: "inline", ...options })
    .addPackage("hello", "1.0-1");
  await mirror.upstream.publish();
  const first = await mirror.sync({ extra });
  const date = await mirror.upstream.publish();
  const isDetached = options.signatures === "detached";
  const path = `dists/stable/${isDetached ? "Release" : "InRelease"}`;
  const published = readFileSync(mirror.upstream.path(path), "utf8");
  if (isDetached)
    mirror.upstream.rewrite("dists/stable/Release.gpg", await next.detachSign(published, { date }));
  else {
    const text = /\n\n([^]*)-----BEGIN PGP SIGNATURE/.exec(published)?.[1] ?? "";
    const signed = await next.clearsign(text, { date });
    const signature = /-----BEGIN PGP SIGNATURE[^]*/;
    mirror.upstream.rewrite(path, signBoth ? `${signed}${signature.exec(published)?.[0]}` : signed);
  }
  const now = new Date(Date.now() + aheadMs);
  const second = await mirror.sync({ extra, now });
  expect(second.outcome.kind).toBe("synced");
  return {
    first: first.said,
    next: second.said,
    again: (await mirror.sync({ extra, now })).said,
    byNext: next.fingerprint,
  };
}

const told = "Signed-By";

test.each(["inline", "detached"] as const)(
  "warns once of a signer that the held Release does not announce (%s)",
  async (signatures) => {
    let held = "";
    const signedBy = (key: SigningKey): string => (held = key.fingerprint);
    const { first, next, again, byNext } = await saidOfSuccessor({ signedBy, options: { signatures } });
    expect(first).not.toContain(told);
    const file = signatures === "inline" ? "InRelease" : "Release";
    expect(next).toContain(
      `dists/stable/${file}: signed by ${byNext}, but the Release held expects ${held} (Signed-By)\n` +
        "Clients that have the held Release refuse this one until ",
    );
    expect(again).not.toContain(told);
  },
);

test.each<[string, Successor]>([
  ["names nobody", { signedBy: () => undefined }],
  ["names the primary key of the signer", { signedBy: (_, next) => next.fingerprint.toLowerCase() }],
  [
    "names the very subkey that signs",
    { signedBy: (held, next) => `${held.fingerprint}, ${next.signingFingerprint}!` },
  ],
  ["has no Valid-Until", { validForMs: 0 }],
  ["is no longer valid", { validForMs: dayMs, aheadMs: 2 * dayMs, extra: "allow_expired = true\n" }],
  ["names a key by its ID, of which apt uses nothing", { signedBy: (held) => held.keyId }],
  ["names a file, of which apt uses nothing", { signedBy: (held) => `${held.fingerprint} /etc/passwd` }],
  ["names a key that signs beside the other", { signBoth: true }],
  ["names another, and signatures are not checked", { extra: "no_pgp_check = true\n" }],
])("does not warn if the held Release %s", async (_, successor) => {
  expect((await saidOfSuccessor(successor)).next).not.toContain(told);
});

test("does not take the primary key for a subkey that is named alone", async () => {
  const { next } = await saidOfSuccessor({ signedBy: (_, key) => `${key.fingerprint}!` });
  expect(next).toContain(told);
});
