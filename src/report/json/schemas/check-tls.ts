import * as v from "valibot";
import { count, described, failure, list, maybe, mirrorId, texts, time } from "./shapes.ts";

const certificate = v.object({
  subject: v.string(),
  issuer: v.string(),
  validFrom: time,
  validTo: time,
  names: described(texts, "subject alternative names"),
  signatureAlgorithm: v.string(),
  fingerprint256: described(v.string(), "SHA-256 of the certificate"),
});

/** `mirrorctl check tls --json` */
export const checkTlsAnswer = v.object({
  mirror: mirrorId,
  connects: described(v.boolean(), "the settings of the mirror can connect to each of its URLs"),
  urls: list(
    v.variant("kind", [
      v.object({ kind: v.literal("plain"), url: described(v.string(), "http://: there is no TLS to check") }),
      v.object({
        kind: v.literal("tls"),
        url: described(v.string(), "without credentials"),
        host: v.string(),
        port: count,
        proxy: maybe(v.string()),
        versions: list(v.object({ version: v.string(), supported: v.boolean(), reason: maybe(v.string()) })),
        connection: maybe(
          described(
            v.object({
              version: v.string(),
              cipher: v.string(),
              verified: described(v.boolean(), "false: insecure_skip_verify is set"),
            }),
            "what the settings of the mirror and the server agree on",
          ),
        ),
        chain: described(list(certificate), "of the server, trusted or not; the server's own is first"),
        failure: maybe(described(v.object(failure), "why a sync could not connect")),
      }),
    ]),
  ),
});

export type CheckTlsAnswer = v.InferOutput<typeof checkTlsAnswer>;
