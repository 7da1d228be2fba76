import { UpstreamError } from "../errors.ts";
import type { ProxySettings } from "../settings.ts";
import { isExempt } from "./no-proxy.ts";

/** A proxy, and where the administrator said so. */
export interface Proxy {
  /** May hold credentials. */
  readonly url: URL;
  /** The environment variable that names it. */
  readonly variable: string;
}

/** The proxy that a URL is to be asked through, or undefined for none; in the manner of curl and apt. */
export function proxyFor(url: URL, settings: ProxySettings): Proxy | undefined {
  const isHttps = url.protocol === "https:";
  const configured = isHttps ? settings.httpsProxy : settings.httpProxy;
  if (configured === undefined || configured === "" || isExempt(url, settings.noProxy ?? ""))
    return undefined;
  const variable = isHttps ? (settings.httpsVariable ?? "https_proxy") : "http_proxy";
  const text = configured.includes("://") ? configured : `http://${configured}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return { url: proxy, variable };
  throw new UpstreamError("PROXY_FAILED", `${variable} is no http or https URL, expected http://host:port`, {
    hint: `Correct ${variable} in the environment of mirrorctl, or unset it.`,
  });
}

/** A noun phrase for messages, without credentials. */
export const proxyText = ({ url, variable }: Proxy): string => `the proxy ${url.origin} (${variable})`;
