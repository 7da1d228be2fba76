import { expect, test } from "vitest";
import { ConfigError } from "../errors.ts";
import { parseClientUrl, parseUpstreamUrl } from "./upstream-url.ts";

test.each([
  ["http://archive.ubuntu.com/ubuntu", "http://archive.ubuntu.com/ubuntu/"],
  ["https://archive.ubuntu.com/ubuntu/", "https://archive.ubuntu.com/ubuntu/"],
  ["HTTPS://Example.org", "https://example.org/"],
  ["http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a/"],
  ["http://[::1]/", "http://[::1]/"],
  ["https://user:secret@example.org/a", "https://user:secret@example.org/a/"],
  ["https://pkgs.k8s.io/core:/stable:/v1.34/deb/", "https://pkgs.k8s.io/core:/stable:/v1.34/deb/"],
])("%s is the base %s", (text, expected) => {
  expect(parseUpstreamUrl(text)).toBe(expected);
});

const notHttp = ["", "example.org", "ftp://example.org/", "file:///srv/apt", "mirror://example.org/"];
const noHost = ["http:/example.org", "http:example.org", "http://", "http:///a", "http://example.org:99999/"];
const withBlanks = [
  "http://example.org/a b",
  " http://example.org",
  "http://example.org\n",
  "http://exa mple/",
];
const notBases = ["http://example.org/?a=b", "http://example.org/#a"];
test.each([...notHttp, ...noHost, ...withBlanks, ...notBases])("%j is refused", (text) => {
  expect(() => parseUpstreamUrl(text)).toThrow(ConfigError);
});

test.each(["$(ARCH)", "${ARCH}", "$(lsb_release)"])("%s in a URL is refused, with advice", (variable) => {
  const parse = () => parseUpstreamUrl(`https://user:secret@example.org/deb/${variable}`);
  expect(parse).toThrow(/ is a variable: .* Write a mirror for each architecture/);
  expect(parse).not.toThrow("secret");
});

test.each(["https://example.org/$metadata/", "https://example.org/a$/(b)/"])("%s has no variable", (text) => {
  expect(parseUpstreamUrl(text)).toBe(text);
});

test("the URL for clients has no password, since it is printed", () => {
  expect(parseClientUrl("https://apt.example.org/mirrors")).toBe("https://apt.example.org/mirrors/");
  for (const text of [
    "http://user@example.org/",
    "http://user:secret@example.org/",
    "http://:secret@[::1]/a",
  ]) {
    const parse = () => parseClientUrl(text);
    expect(parse).toThrow(/without user and password/);
    expect(parse).not.toThrow(/secret/);
  }
});
