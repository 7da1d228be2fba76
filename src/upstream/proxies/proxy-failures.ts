import { STATUS_CODES } from "node:http";
import { type Failure, retriedStatuses } from "../errors.ts";
import { type Proxy, proxyText } from "./proxy.ts";
import { ConnectRefused } from "./proxy-client.ts";

/** Describes a failure as one of the proxy if it caused it. Otherwise adds that the request went through one. */
export function throughProxy(failure: Failure, error: Error, code: string, url: URL, proxy: Proxy): Failure {
  if (error instanceof ConnectRefused) return connectRefused(error, url, proxy);
  if (code === passwordWantedCode) return passwordWanted(proxy, "answers 407");
  const says = Object.hasOwn(onTheWay, code) ? onTheWay[code] : undefined;
  if (says !== undefined)
    return { ...failure, says: `${proxyText(proxy)} ${says}`, hint: reachHint(url, proxy) };
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" && proxy.url.protocol === "https:")
    return noTls(failure, proxy);
  return { ...failure, says: `${failure.says}, through ${proxyText(proxy)}` };
}

/** undici's code for a 407 to a request of http://. */
export const passwordWantedCode = "UND_ERR_INVALID_ARG";

/** By the error code of Node or undici. Until a connection is made, an error can only concern the proxy. */
const onTheWay: Readonly<Record<string, string>> = {
  ENOTFOUND: "has a host name that is not known",
  EAI_AGAIN: "has a host name for which the resolver does not answer",
  ECONNREFUSED: "refused the connection",
  EHOSTUNREACH: "cannot be reached: there is no route to the host",
  ENETUNREACH: "cannot be reached: there is no route to the network",
  UND_ERR_PRX_TLS: "has a certificate that is not accepted",
  UND_ERR_PRX_CONN: "closed the connection",
};

function connectRefused({ status, target }: ConnectRefused, url: URL, proxy: Proxy): Failure {
  const answer = `answers ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  if (status === 407) return passwordWanted(proxy, `${answer} to CONNECT ${target}`);
  const isFinal = !retriedStatuses.has(status);
  return {
    code: "PROXY_FAILED",
    says: `${proxyText(proxy)} ${answer} to CONNECT ${target}`,
    hint: isFinal
      ? `It does not allow this: ask its administrator. If the upstream can be reached directly, add ${url.hostname} to no_proxy.`
      : reachHint(url, proxy),
    retry: isFinal ? "never" : "later",
  };
}

const passwordWanted = (proxy: Proxy, answer: string): Failure => ({
  code: "PROXY_FAILED",
  says: `${proxyText(proxy)} ${answer}: it wants a user and password, or does not accept those that it was sent`,
  hint: `Write them into ${proxy.variable}, as ${proxy.url.protocol}//USER:PASSWORD@${proxy.url.host}, or into auth.conf beside the configuration: machine ${proxy.url.origin} login USER password WORD.`,
  retry: "never",
});

/** Either the proxy or the upstream behind it may cause this. A wrong scheme of the proxy is the usual mistake. */
const noTls = (failure: Failure, proxy: Proxy): Failure => ({
  ...failure,
  says: `${proxyText(proxy)}, or the upstream behind it, does not speak TLS`,
  hint: `Most proxies are reached by plain http: ${proxy.variable}=http://${proxy.url.host}. Else correct the port in the mirror's url.`,
});

const reachHint = (url: URL, { variable }: Proxy): string =>
  `Check ${variable} in the environment of mirrorctl, and that the proxy runs. If the upstream can be reached directly, add ${url.hostname} to no_proxy.`;
