import { assert, boolean, constantFrom, integer, ipV4, ipV6, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { isExempt } from "./no-proxy.ts";

describe("no_proxy", () => {
  check("http://deb.debian.org/", "", false);
  check("http://deb.debian.org/", "*", true);
  check("http://deb.debian.org/", "localhost,*", true);
  check("http://deb.debian.org/", "debian.org", true);
  check("http://deb.debian.org/", "localhost, .Debian.org", true);
  check("http://deb.debian.org/", "localhost .debian.org", true);
  check("http://deb.debian.org/", ",,debian.org,", true);
  check("http://deb.debian.org/", "*.debian.org", true);
  check("http://debian.org/", ".debian.org", true);
  check("http://notdebian.org/", "debian.org", false);
  check("http://deb.debian.org./", "debian.org", true);
  check("http://deb.debian.org/", "debian.org.", true);
  check("http://deb.debian.org/", "org", true);
  check("http://deb.debian.org/", ".", false);
  check("http://deb.debian.org/", "deb.debian", false);

  // Ports.
  check("http://deb.debian.org/", "debian.org:8080", false);
  check("http://deb.debian.org:8080/", "debian.org:8080", true);
  check("https://deb.debian.org/", "debian.org:443", true);
  check("http://deb.debian.org/", "*:80", true);
  check("http://deb.debian.org/", "*:443", false);
  check("http://10.1.2.3:8080/", "10.0.0.0/8:8080", true);
  check("http://10.1.2.3/", "10.0.0.0/8:8080", false);
  check("http://[::1]:8080/", "[::1]:8080", true);
  check("http://[::1]:8080/", "[::1]:80", false);
  check("http://[fd00::1]:8080/", "[fd00::]/8:8080", true);

  // Addresses.
  check("http://127.0.0.1/", "127.0.0.1", true);
  check("http://127.0.0.1/", "127.0.0.2", false);
  check("http://[::1]:8080/", "::1", true);
  check("http://[::1]/", "0:0:0:0:0:0:0:1", true);
  check("http://10.0.0.1/", "0.0.1", false); // not a name below another
  check("http://10.0.0.1/", ".1", false);

  // Networks.
  check("http://127.0.0.1/", "localhost,127.0.0.0/8", true);
  check("http://127.0.0.1/", "127.0.0.1/32", true);
  check("http://128.0.0.1/", "127.0.0.0/8", false);
  check("http://10.1.2.3/", "0.0.0.0/0", true);
  check("http://192.168.5.9/", "192.168.4.0/23", true);
  check("http://192.168.6.9/", "192.168.4.0/23", false);
  check("http://192.168.4.1/", "192.168.4.77/24", true); // bits of the host do not matter
  check("http://[fd12:3456::1]/", "fd00::/8", true);
  check("http://[fe80::1]/", "fd00::/8", false);
  check("http://[fd12:3456::1]/", "[fd00::]/8", true);
  check("http://[fd12:3456::1]/", "::/0", true);
  check("http://[2001:db8::1]/", "2001:db8::/32,10.0.0.0/8", true);
  check("http://10.1.2.3/", "::/0", false);
  check("http://[::1]/", "0.0.0.0/0", false);
  check("http://mirror.internal/", "10.0.0.0/8", false); // as for curl, names are not resolved

  // An entry that is not a network contains nothing.
  for (const wrong of [
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/x",
    "10/8",
    "10.0.0.0/-1",
    "10.0.0.0/8/8x",
    "/8",
  ])
    check("http://10.1.2.3/", wrong, false);
  for (const wrong of ["fd00::/129", "fd00::/", "fd00:/8"]) check("http://[fd00::1]/", wrong, false);
});

test("exempts an address by a network if and only if its first bits match", () => {
  const anyAddress = boolean().chain((isOld) =>
    (isOld ? ipV4() : ipV6()).map((text) => ({ text, bitsMax: isOld ? 32 : 128 })),
  );
  assert(
    property(anyAddress, anyAddress, integer({ min: 0, max: 128 }), (address, network, bits) => {
      const prefix = Math.min(bits, network.bitsMax);
      const url = new URL(`http://${address.bitsMax === 32 ? address.text : `[${address.text}]`}/`);
      const expected =
        address.bitsMax === network.bitsMax &&
        bitsOf(address.text).slice(0, prefix) === bitsOf(network.text).slice(0, prefix);
      expect(isExempt(url, `x.example,${network.text}/${prefix}`)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test("exempts a name if and only if it is the entry or below it", () => {
  const label = constantFrom("a", "b", "ab", "a-b");
  assert(
    property(label, label, label, boolean(), constantFrom("", ".", "*."), (x, y, z, isBelow, start) => {
      const host = isBelow ? `${x}.${y}.${z}` : `${y}.${z}`;
      const isSame = host === `${y}.${z}`;
      expect(isExempt(new URL(`http://${host}/`), `${start}${y}.${z}`)).toBe(isBelow || isSame);
      expect(isExempt(new URL(`http://x${host}/`), `${start}${host}`)).toBe(false);
    }),
  );
});

/** Returns all 32 or 128 bits of an address, as text. */
function bitsOf(address: string): string {
  const { hostname } = new URL(`http://${address.includes(":") ? `[${address}]` : address}/`);
  if (!hostname.startsWith("["))
    return hostname
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  const [left = "", right] = hostname.slice(1, -1).split("::");
  const after = groups(right ?? "");
  const before = groups(left);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
}

const groups = (text: string): string[] => text.split(":").filter((group) => group !== "");

function check(url: string, noProxy: string, expected: boolean): void {
  test(`no_proxy=${noProxy} ${expected ? "exempts" : "does not exempt"} ${url}`, () => {
    expect(isExempt(new URL(url), noProxy)).toBe(expected);
  });
}
