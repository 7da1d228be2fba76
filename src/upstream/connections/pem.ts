import { createPrivateKey, X509Certificate } from "node:crypto";

/** What a file of the [tls] settings should contain. */
export type PemKind = "certificate" | "private-key";

/** Returns why a text cannot be used, as the end of a sentence that starts with the file; undefined if it can. */
export function pemFault(kind: PemKind, text: string): string | undefined {
  try {
    readers[kind](text);
    return undefined;
  } catch (error) {
    return kind === "certificate" ? certificateFault(text, error) : privateKeyFault(text, error);
  }
}

const readers: { readonly [Kind in PemKind]: (text: string) => unknown } = {
  certificate: (text) => new X509Certificate(text),
  "private-key": (text) => createPrivateKey(text),
};

/** Returns why a key cannot be used with a certificate, if each is usable by itself. */
export function pairFault(certificate: string, key: string): string | undefined {
  const isPair = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  return isPair ? undefined : "does not belong to the certificate of client_cert_file";
}

function certificateFault(text: string, error: unknown): string {
  if (text.includes("-----BEGIN CERTIFICATE-----"))
    return `has a certificate that cannot be read: ${messageOf(error)}`;
  if (text.includes(" PRIVATE KEY-----")) return "has a private key, expected a certificate";
  return `has no certificate, ${expectedPem("-----BEGIN CERTIFICATE-----", "x509", text)}`;
}

function privateKeyFault(text: string, error: unknown): string {
  if (text.includes("ENCRYPTED"))
    return "is protected by a passphrase, expected one without; openssl pkey -in FILE -out NEW removes it";
  if (text.includes(" PRIVATE KEY-----")) return `has a private key that cannot be read: ${messageOf(error)}`;
  if (text.includes("-----BEGIN CERTIFICATE-----")) return "has a certificate, expected a private key";
  return `has no private key, ${expectedPem("-----BEGIN PRIVATE KEY-----", "pkey", text)}`;
}

/** DER starts with a SEQUENCE, 0x30, and a length in two bytes, 0x82, which reads as U+FFFD in UTF-8. */
function expectedPem(firstLine: string, command: string, text: string): string {
  const expected = `expected PEM, which begins with ${firstLine}`;
  return text.startsWith("0\uFFFD")
    ? `${expected}; openssl ${command} -inform DER -in FILE -out NEW makes it of DER`
    : expected;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
