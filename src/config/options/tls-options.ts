import * as v from "valibot";
import { valueInvalid } from "../errors.ts";
import { filePathType, parseFilePath } from "../values/paths.ts";
import { listOf, option, parsed, table } from "./option.ts";

const versionType = '"1.2" or "1.3"';
const serverNameType = 'a host name such as "mirror.example.org"';
const filePath = parsed(parseFilePath);

export const tlsVersions = { "1.2": "TLSv1.2", "1.3": "TLSv1.3" } as const;
const tlsVersion = v.pipe(
  v.picklist(["1.2", "1.3"]),
  v.transform((version) => tlsVersions[version]),
);

/** Names of the IANA registry, for TLS 1.3 and then for TLS 1.2. */
export const cipherSuites = [
  "TLS_AES_128_GCM_SHA256",
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
  "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
] as const;

export const tlsTable = table("Settings of connections to https upstreams.", {
  min_version: option(tlsVersion, {
    type: versionType,
    default: "1.2",
    env: "MIRRORCTL_TLS_MIN_VERSION",
    emptyIsUnset: "text",
    help: "The oldest accepted version of TLS.",
  }),
  max_version: option(tlsVersion, {
    type: versionType,
    env: "MIRRORCTL_TLS_MAX_VERSION",
    emptyIsUnset: "text",
    help: "The newest offered version of TLS.",
  }),
  insecure_skip_verify: option(v.boolean(), {
    type: "true or false",
    default: false,
    env: "MIRRORCTL_TLS_INSECURE_SKIP_VERIFY",
    help: "Accepts any certificate. Each run warns of it. Signatures of repositories are still checked.",
  }),
  ca_cert_file: option(filePath, {
    type: filePathType,
    names: "certificates",
    env: "MIRRORCTL_TLS_CA_CERT_FILE",
    emptyIsUnset: "text",
    help: "Certificate authorities (PEM) to trust instead of those of the system.",
  }),
  client_cert_file: option(filePath, {
    type: filePathType,
    names: "certificate",
    env: "MIRRORCTL_TLS_CLIENT_CERT_FILE",
    emptyIsUnset: "text",
    help: "The certificate (PEM) to present to upstreams; needs `client_key_file`.",
  }),
  client_key_file: option(filePath, {
    type: filePathType,
    names: "private-key",
    env: "MIRRORCTL_TLS_CLIENT_KEY_FILE",
    emptyIsUnset: "text",
    help: "The private key (PEM) of `client_cert_file`.",
  }),
  cipher_suites: option(listOf(v.picklist(cipherSuites)), {
    type: `a list of ${cipherSuites.map((name) => `"${name}"`).join(", ")}`,
    default: [],
    defaultText: "those of Node.js",
    env: "MIRRORCTL_TLS_CIPHER_SUITES",
    help: "The only cipher suites to offer.",
  }),
  server_name: option(parsed(parseServerName), {
    type: serverNameType,
    env: "MIRRORCTL_TLS_SERVER_NAME",
    emptyIsUnset: "text",
    help: "The name for SNI and for the check of the certificate, instead of the URL's host.",
  }),
});

function parseServerName(text: string): string {
  if (!/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(text) || text.length > 253) {
    throw valueInvalid(text, serverNameType);
  }
  return text;
}
