import * as fc from "fast-check";
import * as openpgp from "openpgp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TrustError } from "./errors.ts";
import { bytesOf, Gpg, inOneBlock, outcomeOf, packetsOf, policyFor, withSignatures } from "./test-support.ts";
import { readUnverifiedInRelease, type VerifiedRelease, verifyDetached, verifyInRelease } from "./verify.ts";

/** Has letters in UTF-8 and in latin1: no encoding may be assumed. */
const text = "Origin: test\nSuite: stable\nLabel: d\xc3\xa9j\xe0\n";
const otherText = text.replace("stable", "evil");
let gpg: Gpg;
let alice = "";

beforeAll(() => {
  gpg = new Gpg();
  alice = gpg.makeKey("alice");
  gpg.makeKey("bob");
  gpg.makeKey("with-sub");
  gpg.addSubkey("with-sub");
});
afterAll(() => gpg.close());

const byAlice = (): string => gpg.clearsign(text, ["alice"]);
const verifyBy = async (file: string, ...keys: string[]): Promise<VerifiedRelease> =>
  verifyInRelease(bytesOf(file), await policyFor([gpg.export(...keys)]));
const signingKey = (fingerprint: string, primaryFingerprint = fingerprint): object => ({
  keyId: fingerprint.slice(-16),
  fingerprint,
  primaryFingerprint,
});

describe("an accepted InRelease", () => {
  test("gives the signed text byte for byte, and names the key", async () => {
    expect(await verifyBy(byAlice(), "alice")).toEqual({
      text,
      linesBefore: 3,
      signedBy: [signingKey(alice)],
      notes: [],
    });
  });

  test("names a subkey together with its primary key", async () => {
    const [primary = "", subkey = ""] = gpg.fingerprints("with-sub");
    const { signedBy } = await verifyBy(gpg.clearsign(text, ["with-sub"]), "with-sub");
    expect(signedBy).toEqual([signingKey(subkey, primary)]);
  });

  test("names every key that signed, each once", async () => {
    const file = inOneBlock(byAlice(), gpg.clearsign(text, ["bob"]), byAlice());
    const { signedBy } = await verifyBy(file, "alice", "bob");
    expect(signedBy).toEqual([signingKey(alice), signingKey(gpg.fingerprints("bob")[0] ?? "")]);
  });

  test.each<[string, (file: string) => string]>([
    ["CR LF", (file) => file.replaceAll("\n", "\r\n")],
    ["whitespace at the end of its lines", (file) => file.replaceAll("\n", " \t\n")],
    ["no Hash header", (file) => file.replace(/Hash: .*\n/, "")],
    ["a Hash header that names another digest", (file) => file.replace(/Hash: .*\n/, "Hash: SHA384\n")],
    ["no checksum", (file) => file.replace(/^=.{4}\n/m, "")],
    ["no newline at its end", (file) => file.trimEnd()],
    [
      "its signature twice, in two blocks",
      (file) => file + file.slice(file.indexOf("-----BEGIN PGP SIGNATURE")),
    ],
  ])("may have %s; its text is the same", async (_case, change) => {
    expect((await verifyBy(change(byAlice()), "alice")).text).toBe(text);
  });

  test("may have lines that start with dashes", async () => {
    const dashed = "-----BEGIN PGP SIGNATURE-----\n- a\n-\n--\nFrom\n";
    expect((await verifyBy(gpg.clearsign(dashed, ["alice"]), "alice")).text).toBe(dashed);
  });

  test("may be signed by a version 6 key, which gpgv does not know", async () => {
    const options = { userIDs: { name: "six" }, type: "curve25519", config: { v6Keys: true } } as const;
    const { privateKey, publicKey } = await openpgp.generateKey({ ...options, format: "object" });
    const message = await openpgp.createCleartextMessage({ text: "Origin: six" });
    const file = await openpgp.sign({ message, signingKeys: privateKey });
    const { signedBy } = await verifyInRelease(bytesOf(file), await policyFor([publicKey.write()]));
    const fingerprint = publicKey.getFingerprint().toUpperCase();
    expect(signedBy).toEqual([{ ...signingKey(fingerprint), keyId: fingerprint.slice(0, 16) }]);
  });
});

test("a file with changed or added bytes is refused, or has the signed text", async () => {
  const file = bytesOf(byAlice());
  const policy = await policyFor([gpg.export("alice")]);
  const change = fc.record({
    at: fc.nat(file.length),
    replaced: fc.nat(1),
    bytes: fc.oneof(
      fc.stringMatching(/^[ \t\r\n-]{1,3}$/),
      fc.string({ unit: "binary-ascii", maxLength: 2 }),
    ),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, replaced, bytes }) => {
      const changed = Buffer.concat([file.subarray(0, at), bytesOf(bytes), file.subarray(at + replaced)]);
      const found = await verifyInRelease(changed, policy).then(
        (verified) => verified.text,
        (error: unknown) => (error instanceof TrustError ? text : String(error)),
      );
      expect(found).toBe(text);
    }),
    { numRuns: 300 },
  );
});

const verifyWith = (...packets: readonly Uint8Array[]): Promise<string> =>
  outcomeOf(verifyBy(withSignatures(byAlice(), ...packets), "alice", "bob"));

const marker = (says: string): Buffer => Buffer.from(`\xa8\x03${says}`, "latin1");

describe("in a signature block", () => {
  test("a signature of an unknown version of others is ignored", async () => {
    const ofVersion5 = packetsOf(gpg.clearsign(text, ["bob"]));
    ofVersion5.writeUInt8(5, 2);
    expect(await verifyWith(ofVersion5)).toBe("SIGNATURE_UNSUPPORTED");
    expect(await verifyWith(ofVersion5, packetsOf(byAlice()))).toBe("accepted");
    expect(await verifyWith(packetsOf(byAlice()), ofVersion5)).toBe("accepted");
  });

  test("a signature of an undefined version is refused, even beside a good one", async () => {
    const ofNoVersion = packetsOf(gpg.clearsign(text, ["bob"]));
    ofNoVersion.writeUInt8(9, 2);
    const file = withSignatures(byAlice(), ofNoVersion, packetsOf(byAlice()));
    expect(gpg.apt(gpg.export("alice"), file)).toBe("refused");
    expect(await verifyWith(ofNoVersion, packetsOf(byAlice()))).toBe("PACKET_INVALID");
  });

  test("a damaged signature is refused, even beside a good one, as gpgv does", async () => {
    const withoutDate = Buffer.from([0x88, 12, 4, 1, 22, 8, 0, 0, 0, 0, 1, 2, 0, 0]);
    expect(await verifyWith(withoutDate)).toBe("PACKET_INVALID");
    expect(await verifyWith(withoutDate, packetsOf(byAlice()))).toBe("PACKET_INVALID");
  });

  test("a signature whose areas end after it is damaged", async () => {
    const damaged = [
      "887504001663000a2d201b9828e6c5f5cd88ac3a4d7e828315f1050264843b90000a0910ac3a4d7e828315f1",
      "84cb0100c1f2f0acc2688646c11c2004296d2a20122b10265af765c1f4eba944d2348bb5eab59be6ed0100e3",
      "c66bf0cb14025826666e1970e69255708d5061fca074d8d781734e77cde605",
    ].join("");
    expect(await verifyWith(Buffer.from(damaged, "hex"), packetsOf(byAlice()))).toBe("PACKET_INVALID");
  });

  test("a signature of version 3 by a configured key is refused beside a good one", async () => {
    const bad = packetsOf(gpg.clearsign(otherText, ["bob"]));
    const keyId = Buffer.from(gpg.fingerprints("bob")[0]?.slice(-16) ?? "", "hex");
    const [head, numbers] = [Buffer.from([3, 5, 1, 105, 0, 0, 0]), bad.subarray(bad.lastIndexOf(keyId) + 8)];
    const body = Buffer.concat([head, keyId, Buffer.from([22, 10]), numbers]);
    const ofVersion3 = Buffer.concat([Buffer.from([0x88, body.length]), body]);
    const file = withSignatures(byAlice(), packetsOf(byAlice()), ofVersion3);
    expect(gpg.apt(gpg.export("alice", "bob"), file)).toBe("refused");
    expect(await outcomeOf(verifyBy(file, "alice", "bob"))).toBe("SIGNATURE_UNSUPPORTED");
    expect(gpg.apt(gpg.export("alice"), file)).toBe("accepted");
    expect(await outcomeOf(verifyBy(file, "alice"))).toBe("accepted");
  });

  test("a signature of an unknown algorithm is damaged if its areas end after it", async () => {
    const unknownAlgorithm = packetsOf(gpg.clearsign(text, ["bob"]));
    unknownAlgorithm.writeUInt8(99, 4);
    expect(await verifyWith(unknownAlgorithm, packetsOf(byAlice()))).toBe("accepted");
    const damaged = Buffer.from(unknownAlgorithm);
    damaged.writeUInt16BE(9_000, 6);
    const noBody = Buffer.from([0x88, 0]);
    for (const packet of [damaged, noBody]) {
      expect(await verifyWith(packet, packetsOf(byAlice()))).toBe("PACKET_INVALID");
      expect(
        gpg.apt(gpg.export("alice", "bob"), withSignatures(byAlice(), packet, packetsOf(byAlice()))),
      ).toBe("refused");
    }
  });

  test("a bad signature stays bad or damaged with any unsigned parts", async () => {
    const bad = packetsOf(gpg.clearsign(otherText, ["bob"]));
    const unhashedAt = bad.lastIndexOf(Buffer.from([0, 10, 9, 16])); // only the key ID
    const embedded = Buffer.from([0, 14, 3, 32, 99, 0, 9, 16]); // preceded by a signature of an unknown version
    const changed = Buffer.concat([bad.subarray(0, unhashedAt), embedded, bad.subarray(unhashedAt + 4)]);
    changed.writeUInt8(bad.readUInt8(1) + 4, 1);
    const file = withSignatures(byAlice(), packetsOf(byAlice()), changed);
    expect(gpg.gpgv(gpg.export("alice", "bob"), file)).toEqual(["GOODSIG", "BADSIG"]);
    expect(await verifyWith(packetsOf(byAlice()), changed)).toBe("PACKET_INVALID");
  });

  test("a marker is ignored, and one with a wrong content is refused", async () => {
    expect(await verifyWith(marker("PGP"), packetsOf(byAlice()))).toBe("accepted");
    expect(await verifyWith(marker("PGQ"), packetsOf(byAlice()))).toBe("PACKET_INVALID");
    const file = withSignatures(byAlice(), marker("PGQ"), packetsOf(byAlice()));
    expect(gpg.apt(gpg.export("alice"), file)).toBe("refused");
  });

  test("a block without packets has no signature", async () => {
    expect(await verifyWith()).toBe("SIGNATURE_MISSING");
  });

  test("a truncated packet is refused, even beside a good one", async () => {
    expect(await verifyWith(packetsOf(byAlice()), packetsOf(byAlice()).subarray(0, -1))).toBe(
      "PACKET_INVALID",
    );
  });

  test("too many signatures are refused before any is verified", async () => {
    const packet = packetsOf(byAlice());
    expect(await verifyWith(...Array.from({ length: 32 }, () => packet))).toBe("accepted");
    expect(await verifyWith(...Array.from({ length: 33 }, () => packet))).toBe("PACKET_INVALID");
  });

  test("anything but signatures is refused", async () => {
    expect(await verifyWith(gpg.run(["--local-user", alice, "--sign"], { input: text }))).toBe(
      "PACKET_INVALID",
    );
    expect(await verifyWith(packetsOf(byAlice()), gpg.export("alice"))).toBe("PACKET_INVALID");
  });
});

const verifyPair = async (release: string, signature: Uint8Array): Promise<VerifiedRelease> =>
  verifyDetached(bytesOf(release), signature, await policyFor([gpg.export("alice")]));

const byAliceOf = (release: string): Buffer => gpg.detach(release, "alice", "--armor");

describe("a Release with its Release.gpg", () => {
  test("gives every byte of the Release: all of it is signed", async () => {
    const release = "Origin: a  \r\n\n- b\n-----BEGIN PGP SIGNATURE-----";
    expect((await verifyPair(release, gpg.detach(release, "alice", "--armor"))).text).toBe(release);
  });

  test("may be signed as text, which gpg allows", async () => {
    expect((await verifyPair(text, gpg.detach(text, "alice", "--armor", "--textmode"))).text).toBe(text);
  });

  test.each<[string, () => [string, Buffer], string, string]>([
    ["altered", () => [otherText, byAliceOf(text)], "SIGNATURE_INVALID", "BADSIG"],
    [
      "with one space more",
      () => [text.replace("\n", " \n"), byAliceOf(text)],
      "SIGNATURE_INVALID",
      "BADSIG",
    ],
    [
      "signed by an unknown key",
      () => [text, gpg.detach(text, "bob", "--armor")],
      "SIGNER_UNKNOWN",
      "ERRSIG",
    ],
    [
      "with a binary signature, as apt does",
      () => [text, gpg.detach(text, "alice")],
      "FRAMING_INVALID",
      "GOODSIG",
    ],
    ["with an empty signature", () => [text, Buffer.alloc(0)], "SIGNATURE_MISSING", ""],
  ])("is refused %s", async (_case, make, expected, gpgv) => {
    const [release, signature] = make();
    expect(await outcomeOf(verifyPair(release, signature))).toBe(expected);
    expect(gpg.gpgv(gpg.export("alice"), signature.toString("latin1"), release).join(" ")).toBe(gpgv);
  });

  test.each([[[]], [["--textmode"]]])(
    "is accepted beside a right weak Ed25519 signature (%j), not a wrong one",
    async (options) => {
      const args = ["--armor", ...options];
      const ring = gpg.export("alice", "bob");
      const policy = await policyFor([ring]);
      const lines = "Origin: test\n trailing \r\nSuite: stable\n";
      for (const [signed, outcome, found] of [
        [lines, "accepted", "GOODSIG"],
        [`${lines}Label: x\n`, "SIGNATURE_INVALID", "BADSIG"],
      ] as const) {
        const signature = Buffer.concat([
          gpg.detach(lines, "alice", ...args),
          gpg.detach(signed, "bob", ...args, "--digest-algo", "SHA1"),
        ]);
        expect(await outcomeOf(verifyDetached(bytesOf(lines), signature, policy))).toBe(outcome);
        expect(gpg.gpgv(ring, signature.toString("latin1"), lines)).toEqual(["GOODSIG", found]);
      }
    },
  );

  test("is accepted if one of two signatures is by an unknown key", async () => {
    const signature = Buffer.concat([gpg.detach(text, "bob", "--armor"), byAliceOf(text)]);
    expect((await verifyPair(text, signature)).signedBy).toEqual([signingKey(alice)]);
    expect(gpg.gpgv(gpg.export("alice"), signature.toString("latin1"), text)).toEqual(["ERRSIG", "GOODSIG"]);
  });
});

describe("an InRelease that is not verified", () => {
  test("gives the text in its frame, no matter who signed it", () => {
    expect(readUnverifiedInRelease(bytesOf(byAlice().replace("stable", "evil")))).toEqual({
      text: otherText,
      linesBefore: 3,
    });
  });

  test("is still refused if there is something outside the frame", () => {
    expect(() => readUnverifiedInRelease(bytesOf(`Suite: evil\n${byAlice()}`))).toThrow(TrustError);
  });
});
