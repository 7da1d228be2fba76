import { UpstreamError } from "./errors.ts";
import type { ProxySettings } from "./settings.ts";

/** The proxy that a URL is to be asked through, or undefined for none; in the manner of curl and apt. */
export function proxyFor(url: URL, settings: ProxySettings): URL | undefined {
  const configured = url.protocol === "https:" ? settings.httpsProxy : settings.httpProxy;
  if (configured === undefined || configured === "" || isExempt(url, settings.noProxy ?? ""))
    return undefined;
  const text = configured.includes("://") ? configured : `http://${configured}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === "http:" || proxy?.protocol === "https:") return proxy;
  const variable = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  throw new UpstreamError("PROXY_FAILED", `${variable} is no http or https URL, expected http://host:port`, {
    hint: `Correct ${variable} in the environment of mirrorctl, or unset it.`,
  });
}

/** no_proxy: names between commas, each for itself and all below it; `*` for all; a port limits it to that port. */
function isExempt(url: URL, noProxy: string): boolean {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const { host, port: onlyPort } = splitPort(entry);
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const name = host.replace(/^\*?\./, "");
      return host === "*" || bare(url.hostname) === name || url.hostname.endsWith(`.${name}`);
    });
}

function splitPort(entry: string): { host: string; port: string | undefined } {
  // A second colon without brackets is an IPv6 address, not a port.
  const match = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  return { host: bare(match?.[1] ?? entry), port: match?.[2] };
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}
