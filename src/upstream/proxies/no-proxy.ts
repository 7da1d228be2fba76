import { BlockList, isIP } from "node:net";

/**
 * Returns whether no_proxy exempts a URL, as in curl: names between commas or blanks, each for itself and its subdomains,
 * with or without a dot at its start; addresses and networks (CIDR) for hosts that the URL gives by address; `*` for all.
 * Unlike in curl, `*` may be one of several entries, `*.example.org` is the same as `.example.org`, a network of zero bits
 * contains every address of its family, and a port at the end limits an entry to that port.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const host = bare(url.hostname).toLowerCase().replace(/\.$/, "");
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((text) => text !== "")
    .some((text) => {
      const entry = splitPort(text);
      if (entry.port !== undefined && entry.port !== port) return false;
      return (
        entry.host === "*" || (isIP(host) === 0 ? isBelow(host, entry.host) : isAddressIn(host, entry.host))
      );
    });
}

function isBelow(host: string, entry: string): boolean {
  const name = entry.replace(/^\*?\./, "").replace(/\.$/, "");
  return name !== "" && (host === name || host.endsWith(`.${name}`));
}

/** An entry that is neither an address nor a network, such as one with too many bits, contains nothing. */
function isAddressIn(host: string, entry: string): boolean {
  const [, address = "", bits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const network = bare(address);
  const family = familyOf(network);
  if (family === undefined || family !== familyOf(host)) return false;
  const bitsMax = family === "ipv4" ? 32 : 128;
  const prefix = bits === undefined ? bitsMax : Number(bits);
  if (prefix > bitsMax) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(host, family);
}

function familyOf(text: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(text);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

function splitPort(entry: string): { readonly host: string; readonly port: string | undefined } {
  // A second colon without brackets is an IPv6 address, not a port.
  const match = /^(\[[^\]]*\](?:\/\d+)?|[^:]*):(\d+)$/.exec(entry);
  return { host: match?.[1] ?? entry, port: match?.[2] };
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, "");
