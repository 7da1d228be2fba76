/**
 * A URL for messages: without user and password, and without its query, because the redirects of object stores carry
 * their signatures there.
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
