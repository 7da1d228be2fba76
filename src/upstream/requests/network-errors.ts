import { errors } from "undici";
import { redactUrl } from "../credentials/redact.ts";
import { brokenOffHint, type Failure, httpsHint, oddAnswerHint, UpstreamError } from "../errors.ts";
import type { Proxy } from "../proxies/proxy.ts";
import { ConnectRefused } from "../proxies/proxy-client.ts";
import { passwordWantedCode, throughProxy } from "../proxies/proxy-failures.ts";

/** How far an exchange got: no response yet, or within the body. */
export type ExchangePhase = "no-answer" | "body";

const isUntrusted = (
  says: string,
  hint = "If the upstream's certificate is issued by an authority of your own, name its file as [tls] ca_cert_file.",
): Failure => ({ ...tlsFailed(says, hint), hidesMessage: true });

/** By the error code of Node, OpenSSL or undici. */
const failures: Readonly<Record<string, Failure>> = {
  ENOTFOUND: unreachable(
    "its host name is not known",
    "Check the host name in the mirror's url, and the resolver.",
  ),
  EAI_AGAIN: unreachable(
    "the resolver does not answer",
    "Check /etc/resolv.conf and the network of this machine.",
  ),
  ECONNREFUSED: unreachable(
    "the connection was refused",
    "Check the port in the url, and that the server runs.",
  ),
  EHOSTUNREACH: unreachable(
    "there is no route to the host",
    "Check the network, its firewall, and http_proxy.",
  ),
  ENETUNREACH: unreachable(
    "there is no route to the network",
    "Check the network, its firewall, and http_proxy.",
  ),
  UND_ERR_CONNECT_TIMEOUT: timedOut("no connection was made in time", "Check the firewall, and http_proxy."),
  ETIMEDOUT: timedOut("the connection timed out", "Check the firewall, and http_proxy."),
  UND_ERR_HEADERS_TIMEOUT: timedOut("no answer came in time"),
  UND_ERR_BODY_TIMEOUT: timedOut("the body stopped coming"),
  CERT_HAS_EXPIRED: tlsFailed(
    "its certificate has expired",
    "Check the clock of this machine; else tell the upstream.",
  ),
  CERT_NOT_YET_VALID: tlsFailed("its certificate is not valid yet", "Check the clock of this machine."),
  ERR_TLS_CERT_ALTNAME_INVALID: tlsFailed(
    "its certificate is for another name",
    "Check the host in the url; [tls] server_name names another one to expect.",
  ),
  DEPTH_ZERO_SELF_SIGNED_CERT: isUntrusted(
    "its certificate is signed by itself",
    "If that is the certificate of your own server, name its file as [tls] ca_cert_file.",
  ),
  SELF_SIGNED_CERT_IN_CHAIN: isUntrusted("its chain ends in a certificate that is not trusted"),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: isUntrusted("the issuer of its certificate is not known"),
  UNABLE_TO_GET_ISSUER_CERT: isUntrusted("the issuer of its certificate is not known"),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: isUntrusted("the issuer of its certificate is not known"),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: tlsFailed(
    "it wants a certificate of the client",
    "Set [tls] client_cert_file and client_key_file to what the upstream gave you.",
  ),
  // The first bytes of another protocol were read as TLS.
  ERR_SSL_WRONG_VERSION_NUMBER: tlsFailed(
    "the server does not speak TLS at this port; most likely it speaks plain http",
    "Write http:// in the mirror's url, or the port at which the server speaks https.",
  ),
  UND_ERR_PRX_TLS: {
    code: "PROXY_FAILED",
    says: "the proxy's certificate is not accepted",
    retry: "never",
    hint: "If it is issued by an authority of your own, name the file of that one as [tls] ca_cert_file.",
  },
  UND_ERR_PRX_CONN: {
    code: "PROXY_FAILED",
    says: "the proxy closed the connection",
    retry: "later",
    hint: brokenOffHint,
  },
  UND_ERR_DESTROYED: {
    code: "CONNECTION_LOST",
    says: "the connections were closed on our side",
    retry: "never",
    hint: brokenOffHint,
  },
  UND_ERR_HEADERS_OVERFLOW: {
    code: "RESPONSE_MALFORMED",
    says: "the headers are too long",
    retry: "later",
    hint: oddAnswerHint,
  },
};

/** Returns the error of a network failure, which says what it means and whether to try again. */
export function networkError(
  error: Error,
  url: URL,
  phase: ExchangePhase,
  proxy: Proxy | undefined,
  method: "GET" | "POST" = "GET",
): UpstreamError {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const direct = failures[code] ?? failureByKind(error, code, phase, url);
  const failure = proxy === undefined ? direct : throughProxy(direct, error, code, url, proxy);
  const shown = redactUrl(url.href);
  return new UpstreamError(
    failure.code,
    `${method} ${shown}: ${failure.says}${detailOf(error, code, failure)}`,
    {
      facts: { url: shown, cause: code, ...(proxy && { proxy: proxy.url.origin, variable: proxy.variable }) },
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
      retry: failure.retry,
      cause: error,
    },
  );
}

/** Returns the message of Node or undici. Of OpenSSL's, which has file names and numbers, only the reason. */
function detailOf(error: Error, code: string, { hidesMessage }: Failure): string {
  const reason = "reason" in error && typeof error.reason === "string" ? error.reason : error.message;
  const detail = hidesMessage === true || reason === "" ? code : reason;
  const isSaid = error instanceof ConnectRefused || code === passwordWantedCode;
  return detail === "" || isSaid ? "" : ` (${detail})`;
}

function failureByKind(error: Error, code: string, phase: ExchangePhase, url: URL): Failure {
  if (
    code === "EPROTO" ||
    code.startsWith("ERR_SSL_") ||
    code.startsWith("ERR_TLS_") ||
    code.startsWith("CERT_")
  ) {
    return tlsFailed(
      "the TLS handshake failed",
      '"mirrorctl check tls" with the id of the mirror shows which versions the upstream speaks: compare them, and the cipher suites, with [tls]. Or it wants a client certificate: [tls] client_cert_file.',
    );
  }
  if (phase === "body") {
    const says = "the connection ended within the body";
    return { code: "TRUNCATED", says, retry: "later", hint: brokenOffHint };
  }
  // For a malformed head, undici may compare the body with the Content-Length before it reports the mistake.
  if (error instanceof errors.HTTPParserError || error instanceof errors.ResponseContentLengthMismatchError) {
    const says = "the answer is not HTTP/1.1";
    return {
      code: "RESPONSE_MALFORMED",
      says,
      retry: "later",
      hint: url.protocol === "http:" ? httpsHint : oddAnswerHint,
    };
  }
  // A server may close an idle connection while a request is on its way. Whether this connection was idle is not known
  // here; if it was new, one request too many does no harm.
  const says = "the connection ended before an answer";
  return { code: "CONNECTION_LOST", says, retry: "at-once", hint: brokenOffHint };
}

function unreachable(says: string, hint: string): Failure {
  return { code: "UNREACHABLE", says, hint, retry: "later" };
}

function timedOut(says: string, hint = brokenOffHint): Failure {
  return { code: "TIMED_OUT", says, retry: "later", hint };
}

function tlsFailed(says: string, hint: string): Failure {
  return { code: "TLS_FAILED", says, hint, retry: "never" };
}
