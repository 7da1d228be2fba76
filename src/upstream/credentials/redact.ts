/**
 * Returns a URL for messages: without user, password and query. The redirects of object stores have their signatures in the
 * query.
 */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/[^/@]*@/, "//").replace(/\?.*/s, "?...");
  const parsed = new URL(url);
  const query = parsed.search === "" ? "" : "?...";
  parsed.username = "";
  parsed.password = "";
  parsed.search = "";
  parsed.hash = "";
  return `${parsed.href}${query}`;
}
