import { describe, expect, test } from "vitest";
import { frameInRelease, frameReleaseSignature } from "./framing.ts";

const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1");
/** The bytes "signature" in armor; their content does not matter to the framing. */
const block = "-----BEGIN PGP SIGNATURE-----\n\nc2lnbmF0dXJl\n=nPBU\n-----END PGP SIGNATURE-----\n";
const start = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n";
const body = "Origin: x\nSuite: s\n";
const whole = `${start}${body}${block}`;

describe("an InRelease", () => {
  const accepted: readonly [string, string, string][] = [
    ["as gpg writes it", whole, body],
    ["without a newline at its end", whole.trimEnd(), body],
    ["with CR LF", whole.replaceAll("\n", "\r\n"), body],
    ["without a Hash header", whole.replace("Hash: SHA512\n", ""), body],
    [
      "with several armor headers",
      whole.replace("Hash: SHA512", "Hash: SHA512\nHash: SHA256\nComment: a: b"),
      body,
    ],
    [
      "with headers in the signature's armor",
      whole.replace("SIGNATURE-----\n\n", "SIGNATURE-----\nVersion: 1\nComment:\n\n"),
      body,
    ],
    ["without a checksum", whole.replace("=nPBU\n", ""), body],
    ["with several armor blocks", `${whole}${block}${block}`, body],
    ["with whitespace after its armor lines", whole.replaceAll("-----\n", "----- \t\n"), body],
    [
      "with dash-escaped lines",
      `${start}- -----BEGIN PGP SIGNATURE-----\n- - a\n- -\n- From\n${block}`,
      "-----BEGIN PGP SIGNATURE-----\n- a\n-\nFrom\n",
    ],
    ["with whitespace at the end of lines", `${start}a \nb\t \r\n \t \nc\n${block}`, "a\nb\n\nc\n"],
    ["with an empty message", `${start}${block}`, ""],
    ["with bytes that are not UTF-8", `${start}Origin: \xe9\xff\n${block}`, "Origin: \xe9\xff\n"],
  ];
  test.each(accepted)("is read %s", (_case, file, text) => {
    const framed = frameInRelease(bytesOf(file));
    expect(framed.text).toBe(text);
    expect(Buffer.from(framed.signedBytes).toString("latin1")).toBe(
      text.replace(/\n$/, "").replaceAll("\n", "\r\n"),
    );
  });

  const rejected: readonly [string, string, RegExp][] = [
    ["empty", "", /it is empty/],
    ["an error page", "<!DOCTYPE html>\n<title>login</title>", /starts with "<!DOCTYPE html>"/],
    ["unsigned", body, /starts with "Origin: x"/],
    ["with text before the message", `Origin: evil\n${whole}`, /starts with "Origin: evil"/],
    ["with an empty line before the message", `\n${whole}`, /starts with ""/],
    ["with text after the signature", `${whole}Origin: evil\n`, /only PGP signatures, found "Origin: evil"/],
    ["with an empty line after the signature", `${whole}\n`, /only PGP signatures, found ""/],
    ["with an empty CR LF line after the signature", `${whole}\r\n`, /only PGP signatures, found ""/],
    ["with an empty line between signatures", `${whole}\n${block}`, /only PGP signatures, found ""/],
    ["with a second message", `${whole}${whole}`, /found "-----BEGIN PGP SIGNED MESSAGE-----"/],
    ["with an unescaped dash", `${start}a\n-b\n${block}`, /line 5: .*unescaped dash: "-b"/],
    ["with a NUL before white space", `${start}a\0 \n${block}`, /line 4: .*ends in a NUL .*: "a\\u0000 "/],
    ["with two CR before LF", `${start}a\nb\r\r\n${block}`, /line 5: .*second carriage return: "b\\r\\r"/],
    ["with a CR before white space", `${start}a\r \n${block}`, /line 4: .*second carriage return: "a\\r "/],
    ["with a message inside the message", `${start}${whole}`, /unescaped dash: "-----BEGIN PGP SIGNED/],
    ["without a signature", `${start}${body}`, /the message has no signature/],
    ["cut in its headers", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512", /headers have no end/],
    [
      "with a header that looks like a Release field",
      whole.replace("Hash: SHA512", "Suite: evil"),
      /found "Suite: evil"/,
    ],
    [
      "with GnuPG's NotDashEscaped",
      whole.replace("Hash: SHA512", "NotDashEscaped: yes"),
      /found "NotDashEscaped/,
    ],
    [
      "with a signature cut short",
      whole.replace("-----END PGP SIGNATURE-----\n", ""),
      /no line "-----END PGP SIGNATURE-----"/,
    ],
    [
      "with another end",
      whole.replace("END PGP SIGNATURE", "END PGP MESSAGE"),
      /no line "-----END PGP SIGNATURE-----"/,
    ],
    [
      "with a wrong checksum",
      whole.replace("=nPBU", "=AAAA"),
      /checksum is "=AAAA", and the data has "=nPBU"/,
    ],
    [
      "with a wrong checksum, of which a message holds no control characters and not all",
      whole.replace("=nPBU", `=\x9b2J\x7f${"x".repeat(10_000)}`),
      /checksum is "=\\u009b2J\\u007fx{1,200}…"/,
    ],
    ["with text in the signature's data", whole.replace("c2lnbmF0dXJl", "c2ln bmF0dXJl"), /not base64/],
    [
      "with text in the signature's headers",
      whole.replace("SIGNATURE-----\n\n", "SIGNATURE-----\nSuite\n\n"),
      /found "Suite"/,
    ],
  ];
  test.each(rejected)("is refused %s", (_case, file, message) => {
    expect(() => frameInRelease(bytesOf(file))).toThrow(message);
  });

  test("keeps carriage returns and NULs within a line, because they are signed", () => {
    expect(frameInRelease(bytesOf(`${start}a\rb\0c\r\n${block}`)).text).toBe("a\rb\0c\n");
  });

  test("is read if a line starts with a million spaces", () => {
    const line = `${" ".repeat(1_000_000)}x`;
    expect(frameInRelease(bytesOf(`${start}${line}\n${block}`)).text).toBe(`${line}\n`);
  });
});

describe("a Release.gpg", () => {
  test("is read with one block and with several", () => {
    expect(frameReleaseSignature(bytesOf(block)).map(String)).toEqual([String(Buffer.from("signature"))]);
    expect(frameReleaseSignature(bytesOf(`${block}${block.replaceAll("\n", "\r\n")}`))).toHaveLength(2);
  });

  const rejected: readonly [string, string, RegExp][] = [
    ["binary", "\x88\x75", /binary signature, expected ASCII armor/],
    ["with text before", `x\n${block}`, /only PGP signatures, found "x"/],
    ["with an empty line after", `${block}\n`, /only PGP signatures, found ""/],
    ["that is a message", block.replaceAll("SIGNATURE", "MESSAGE"), /found "-----BEGIN PGP MESSAGE-----"/],
  ];
  test.each(rejected)("is refused %s", (_case, file, message) => {
    expect(() => frameReleaseSignature(bytesOf(file))).toThrow(message);
  });
});
