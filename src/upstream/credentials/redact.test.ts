import { expect, test } from "vitest";
import { redactUrl } from "../index.ts";

test.each([
  ["http://deb.debian.org/debian/", "http://deb.debian.org/debian/"],
  ["https://user:secret@host/a%2Bb", "https://host/a%2Bb"],
  ["https://token@host:8443/", "https://host:8443/"],
  ["https://cdn.example/o?X-Amz-Signature=secret#part", "https://cdn.example/o?..."],
  ["http://user:secret@[not-a-host/a?b=c", "http://[not-a-host/a?..."],
])("%s is shown as %s", (url, expected) => {
  expect(redactUrl(url)).toBe(expected);
});
