import { expect, test } from "vitest";
import { maskCredentials } from "./errors.ts";

test.each([
  ["https://user:secret@host/path", "https://***********@host/path"],
  ["https://user:se@c/r'et@host/", "https://**************@host/"],
  ["user:secret@host", "***********@host"],
  ['url = "https://user:secret@host/', 'url = "https://***********@host/'],
  ['url = "user:secret@host/"', 'url = "***********@host/"'],
  ["a\nhttp://u:p@h\nb", "a\nhttp://***@h\nb"],
  ["https://host/path", "https://host/path"],
  ["https://token@host", "https://*****@host"],
  ["u:p@http://h", "***@http://h"],
])("%j is shown as %j", (text, shown) => {
  expect(maskCredentials(text)).toBe(shown);
});
