/** Compares the framing of an InRelease with apt, which clients run, and gpgv, which others call. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesOf, Gpg, outcomeOf, policyFor } from "../test-support.ts";
import { verifyInRelease } from "../verify.ts";

let gpg: Gpg;
let ring: Buffer;
let file = "";
let signature = "";

beforeAll(() => {
  gpg = new Gpg();
  gpg.makeKey("alice");
  ring = gpg.export("alice");
  file = gpg.clearsign("Origin: test\n\nSuite: stable\n", ["alice"]);
  signature = file.slice(file.indexOf("-----BEGIN PGP SIGNATURE-----"));
});
afterAll(() => gpg.close());

interface Frame {
  readonly make: () => string;
  readonly outcome: string;
  readonly apt: "accepted" | "refused";
  /** gpgv's status of each signature. */
  readonly gpgv: string;
  /** The reason why apt accepts what is refused here. */
  readonly stricter?: string;
}

const good = { outcome: "accepted", apt: "accepted", gpgv: "GOODSIG" } as const;
/** apt reads no such line, and without the header gpgv expects an old digest. */
const odd = { outcome: "accepted", apt: "accepted" } as const;
const framing = { outcome: "FRAMING_INVALID", apt: "refused" } as const;
const armor = { outcome: "ARMOR_INVALID", apt: "refused" } as const;
const noReleaseField = "a reader less strict than apt could take it for a field of the Release";
const inHeader = (line: string): string => file.replace(/^Hash: .*\n/m, `$&${line}\n`);

const frames: readonly (readonly [name: string, frame: Frame])[] = [
  ["as gpg writes it", { make: () => file, ...good }],
  ["without a newline at its end", { make: () => file.trimEnd(), ...good }],
  ["with CR LF", { make: () => file.replaceAll("\n", "\r\n"), ...good }],
  ["without a checksum", { make: () => file.replace(/^=.{4}\n/m, ""), ...good }],
  ["with several armor blocks", { make: () => file + signature, ...good, gpgv: "GOODSIG GOODSIG" }],
  [
    "with headers in the signature's armor",
    { make: () => file.replace("SIGNATURE-----\n\n", "SIGNATURE-----\nVersion: 1\nComment: x\n\n"), ...good },
  ],
  ["with blanks after its armor lines", { make: () => file.replaceAll("-----\n", "----- \t\n"), ...good }],
  ["with blanks at the end of lines", { make: () => file.replace("test", "test \t"), ...good }],
  ["with blanks in the empty line", { make: () => file.replace("\n\nOrigin", "\n \t\nOrigin"), ...good }],
  ["without a Hash header", { make: () => file.replace(/^Hash: .*\n/m, ""), ...odd, gpgv: "ERRSIG" }],
  [
    "with another digest in its header",
    { make: () => file.replace(/^Hash: .*$/m, "Hash: SHA384"), ...odd, gpgv: "ERRSIG" },
  ],
  ["with a comment in its header", { make: () => inHeader("Comment: x"), ...odd, gpgv: "BADSIG" }],
  ["with a version in its header", { make: () => inHeader("Version: 1"), ...odd, gpgv: "BADSIG" }],
  [
    "with a field of a Release in its header",
    {
      make: () => inHeader("Suite: evil"),
      outcome: "FRAMING_INVALID",
      apt: "accepted",
      gpgv: "BADSIG",
      stricter: noReleaseField,
    },
  ],
  [
    "with GnuPG's NotDashEscaped",
    {
      make: () => inHeader("NotDashEscaped: yes"),
      outcome: "FRAMING_INVALID",
      apt: "accepted",
      gpgv: "BADSIG",
      stricter: "it would mean another text",
    },
  ],
  [
    "with blanks in the signature's data",
    {
      make: () => file.replace(/^i.{20}/m, "$& "),
      outcome: "ARMOR_INVALID",
      apt: "accepted",
      gpgv: "GOODSIG",
      stricter: "no program writes such armor",
    },
  ],
  ["with text before the message", { make: () => `Suite: evil\n${file}`, ...framing, gpgv: "GOODSIG" }],
  ["with an empty line before the message", { make: () => `\n${file}`, ...framing, gpgv: "GOODSIG" }],
  ["with text after the signature", { make: () => `${file}Suite: evil\n`, ...framing, gpgv: "GOODSIG" }],
  ["with an empty line after the signature", { make: () => `${file}\n`, ...framing, gpgv: "GOODSIG" }],
  [
    "with an empty line between signatures",
    { make: () => `${file}\n${signature}`, ...framing, gpgv: "GOODSIG GOODSIG" },
  ],
  ["with a second message", { make: () => file + file, ...framing, gpgv: "GOODSIG" }],
  [
    "with a message in the message",
    { make: () => file.replace("Origin", `${file}Origin`), ...framing, gpgv: "" },
  ],
  [
    "with an unescaped dash",
    { make: () => file.replace("Origin", "-x\nOrigin"), ...framing, gpgv: "BADSIG" },
  ],
  [
    "with an escape before nothing",
    { make: () => file.replace("test\n\n", "test\n- \n"), ...framing, gpgv: "GOODSIG" },
  ],
  ["without a signature", { make: () => file.replace(signature, ""), ...framing, gpgv: "" }],
  ["empty", { make: () => "", ...framing, gpgv: "" }],
  ["a page", { make: () => "<html>Sign in</html>\n", ...framing, gpgv: "" }],
  ["not signed", { make: () => "Origin: test\n", ...framing, gpgv: "" }],
  [
    "with a signature that has no end",
    { make: () => file.replace(/^-----END.*\n/m, ""), ...armor, gpgv: "GOODSIG" },
  ],
  [
    "with another end",
    { make: () => file.replace("END PGP SIGNATURE", "END PGP MESSAGE"), ...armor, gpgv: "GOODSIG" },
  ],
  ["with a wrong checksum", { make: () => file.replace(/^=.{4}$/m, "=AAAA"), ...armor, gpgv: "" }],
  [
    "with text in the signature's headers",
    { make: () => file.replace("SIGNATURE-----\n\n", "SIGNATURE-----\nSuite\n\n"), ...armor, gpgv: "" },
  ],
];

describe("framing is judged as apt judges it, or more strictly: an InRelease", () => {
  test.for(frames)("%s", async ([, { make, outcome, apt, gpgv, stricter }]) => {
    const framed = make();
    expect(await outcomeOf(verifyInRelease(bytesOf(framed), await policyFor([ring])))).toBe(outcome);
    expect(gpg.apt(ring, framed)).toBe(apt);
    expect(gpg.gpgv(ring, framed).join(" ")).toBe(gpgv);
    expect((outcome === "accepted") === (apt === "accepted")).toBe(stricter === undefined);
  });
});
