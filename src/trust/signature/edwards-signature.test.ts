/** Signatures with weak digests by Ed25519 keys, alone and beside good ones, compared with gpgv. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf, Gpg, outcomeOf, packetsOf, policyFor, withSignatures } from "../test-support.ts";
import { verifyDetached, verifyInRelease } from "../verify.ts";

const text = "Origin: test\nLabel: test\n";
const altered = `${text}Suite: evil\n`;
let gpg: Gpg;
let ring: Buffer;

beforeAll(() => {
  gpg = new Gpg();
  for (const name of ["alice", "bob"]) gpg.makeKey(name);
  gpg.makeKey("rsa", "rsa2048");
  ring = gpg.export("alice", "bob", "rsa");
});
afterAll(() => gpg.close());

const armored = (signatures: readonly Buffer[]): Buffer =>
  bytesOf(
    `-----BEGIN PGP SIGNATURE-----\n\n${Buffer.concat(signatures).toString("base64")}\n-----END PGP SIGNATURE-----\n`,
  );

const outcome = async (...signatures: readonly Buffer[]): Promise<string> =>
  outcomeOf(verifyDetached(bytesOf(text), armored(signatures), await policyFor([ring])));
const gpgvOf = (...signatures: readonly Buffer[]): string[] =>
  gpg.gpgv(ring, Buffer.concat(signatures).toString("latin1"), text);

// gpg makes no signature with MD5.
describe.each(["SHA1", "RIPEMD160", "SHA224"])("a detached signature by %s", (digest) => {
  const weakBy = (name: string, body: string): Buffer => gpg.detach(body, name, "--digest-algo", digest);
  test.each(["bob", "rsa"])("with %s is ignored beside a good one, and not enough alone", async (name) => {
    const good = gpg.detach(text, "alice");
    expect(gpgvOf(good, weakBy(name, text))).toEqual(["GOODSIG", "GOODSIG"]); // apt checks the digest afterwards
    expect(await outcome(good, weakBy(name, text))).toBe("accepted");
    expect(await outcome(weakBy(name, text))).toBe("DIGEST_WEAK");
  });

  test.each(["bob", "rsa"])("with %s over another text is refused beside a good one", async (name) => {
    const good = gpg.detach(text, "alice");
    expect(gpgvOf(good, weakBy(name, altered))).toEqual(["GOODSIG", "BADSIG"]);
    expect(await outcome(good, weakBy(name, altered))).toBe("SIGNATURE_INVALID");
  });
});

test("a clearsigned file may have a SHA-1 signature over this text, not another", async () => {
  const signed = gpg.clearsign(text, ["alice"]);
  const outcomeWith = async (body: string): Promise<string> => {
    const weak = packetsOf(gpg.clearsign(body, ["bob"], undefined, "--digest-algo", "SHA1"));
    const file = withSignatures(signed, packetsOf(signed), weak);
    return outcomeOf(verifyInRelease(bytesOf(file), await policyFor([ring])));
  };
  expect(await outcomeWith(text)).toBe("accepted");
  expect(await outcomeWith(altered)).toBe("SIGNATURE_INVALID");
});
