import { UpstreamError } from "../errors.ts";
import type { ProxySettings } from "../settings.ts";
import { isExempt } from "./no-proxy.ts";

/** A proxy, and where it is configured. */
export interface Proxy {
  /** May contain credentials. */
  readonly url: URL;
  /** The environment variable that names it. */
  readonly variable: string;
}

/** Returns the proxy for requests of a URL, or undefined if there is none, as curl and apt do. */
export function proxyFor(url: URL, settings: ProxySettings): Proxy | undefined {
  const isHttps = url.protocol === "https:";
  const configured = isHttps ? settings.httpsProxy : settings.httpProxy;
  if (configured === undefined || configured === "" || isExempt(url, settings.noProxy ?? ""))
    return undefined;
  const variable = isHttps ? (settings.httpsVariable ?? "https_proxy") : "http_proxy";
  const text = configured.includes("://") ? configured : `http://${configured}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return { url: proxy, variable };
  throw new UpstreamError(
    "PROXY_FAILED",
    `${variable} is not an http or https URL, expected http://host:port`,
    {
      hint: `Correct ${variable} in the environment of mirrorctl, or unset it.`,
    },
  );
}

/** Returns a noun phrase for messages, without credentials. */
export const proxyText = ({ url, variable }: Proxy): string => `the proxy ${url.origin} (${variable})`;
