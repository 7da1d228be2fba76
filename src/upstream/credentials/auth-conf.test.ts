import { mkdirSync, writeFileSync } from "node:fs";
import { assert, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { runProgram, temporaryDirectory } from "../../../test/support/index.ts";
import { UpstreamError } from "../errors.ts";
import { serve } from "../test-support.ts";
import { findEntry, parseAuthConf } from "./auth-conf.ts";

/** Returns what is sent to a URL: "user:password", or undefined. */
function loginFor(text: string, url: string): string | undefined {
  const entry = findEntry(new URL(url), parseAuthConf(text, "auth.conf"));
  return entry && `${entry.login}:${entry.password}`;
}

/** Each is also given to the real apt, below. `http://`, because the request then shows its headers. */
const asApt: readonly (readonly [text: string, url: string, expected: string | undefined])[] = [
  ["machine http://h.example login u password p", "http://h.example/debian/x", "u:p"],
  ["machine h.example login u password p", "http://h.example/debian/x", undefined],
  ["machine https://h.example login u password p", "http://h.example/debian/x", undefined],
  ["machine\thttp://h.example\n\n\tlogin\n u\r\n password p\r\n", "http://h.example/x", "u:p"],
  ["machine http://h.example password p login u", "http://h.example/x", "u:p"],
  ["machine http://h.example login u\n", "http://h.example/x", "u:"],
  ["machine http://h.example password p\n", "http://h.example/x", ":p"],
  ["machine http://h.example login a password b login u password p", "http://h.example/x", "u:p"],
  ["machine http://h.example unknown token login u password p q", "http://h.example/x", "u:p"],
  ["machine http://h.example login u password p  # whose it is\n", "http://h.example/x", "u:p"],
  ["#machine http://h.example login v password q\n", "http://h.example/x", undefined],
  ["machine http://h.example\nlogin u password\n#p\n", "http://h.example/x", "u:#p"],
  ["machine http://h.example login u password p#", "http://h.example/x", "u:p#"],
  ['machine http://h.example login u@x:y password "p:q%41ä"', "http://h.example/x", 'u@x:y:"p:q%41ä"'],
  ["machine http://h.example login machine password login", "http://h.example/x", "machine:login"],
  ["machine http://a.example login machine password http://h.example", "http://h.example/x", undefined],
  [
    "machine http://a.example login a password b machine http://h.example login u",
    "http://h.example/x",
    "u:",
  ],
  [
    "machine http://h.example login u password p\nmachine http://h.example login v password q",
    "http://h.example/x",
    "u:p",
  ],
  ["machine http://ample login u password p", "http://h.example/x", undefined],
  ["machine http://h.example.org login u password p", "http://h.example/x", undefined],
  ["machine http://h.example/debian login u password p", "http://h.example/debian/x", "u:p"],
  ["machine http://h.example/debian/ login u password p", "http://h.example/debian/x", "u:p"],
  ["machine http://h.example/deb login u password p", "http://h.example/debian/x", "u:p"],
  ["machine http://h.example/deb/ login u password p", "http://h.example/debian/x", undefined],
  ["machine http://h.example/ubuntu login u password p", "http://h.example/debian/x", undefined],
  ["machine http://h.example/a%20b login u password p", "http://h.example/a%20b/x", "u:p"],
  ["machine http://h.example login u password p", "http://h.example:8080/x", "u:p"],
  ["machine http://h.example:8080 login u password p", "http://h.example:8080/x", "u:p"],
  ["machine http://h.example:8081 login u password p", "http://h.example:8080/x", undefined],
  ["machine http://h.example:8080/debian login u password p", "http://h.example:8080/debian/x", "u:p"],
  ["machine http://h.example/debian login u password p", "http://h.example:8080/debian/x", undefined],
  ["machine http://::1 login u password p", "http://[::1]/x", "u:p"],
];

test.each(asApt)("%j sends to %s the login %s", (text, url, expected) => {
  expect(loginFor(text, url)).toBe(expected);
});

test("apt sends the same", async () => {
  await using directory = await temporaryDirectory();
  await using proxy = await serve((_, response) => response.end("body"));
  for (const folder of ["etc/apt.conf.d", "etc/auth.conf.d", "state/lists/partial", "cache", "log"]) {
    mkdirSync(directory.join(folder), { recursive: true });
  }
  const folders = Object.entries({ Etc: "etc", State: "state", Cache: "cache", Log: "log" });
  const conf = [
    ...folders.map(([name, folder]) => `Dir::${name} "${directory.join(folder)}";`),
    'APT::Sandbox::User "root";',
    `Acquire::http::Proxy "${proxy.url}";`,
  ];
  writeFileSync(directory.join("apt.conf"), conf.join("\n"));
  const env = { PATH: "/usr/bin:/bin", HOME: directory.path, APT_CONFIG: directory.join("apt.conf") };
  for (const [text, url, expected] of asApt) {
    writeFileSync(directory.join("etc/auth.conf"), text);
    await runProgram("/usr/lib/apt/apt-helper", ["download-file", url, directory.join("got")], { env });
    const sent = proxy.requests.at(-1)?.headers.authorization?.replace("Basic ", "");
    expect([text, sent && Buffer.from(sent, "base64").toString()]).toStrictEqual([text, expected]);
  }
  expect(proxy.requests).toHaveLength(asApt.length);
});

describe("beyond apt", () => {
  test.each([
    ["a name without a scheme is for https", "machine h.example login u password p", "https://h.example/x"],
    ["host and scheme are read in any case", "machine HTTPS://H.Example login u", "https://h.example/x"],
    ["the usual port may be named", "machine h.example:443 login u", "https://h.example/x"],
    ["an IPv6 address may have its brackets", "machine [::1]:8443/a login u", "https://[::1]:8443/a/x"],
  ])("%s", (_, text, url) => {
    expect(loginFor(text, url)).toMatch(/^u:/);
  });

  test("ignores an entry in a comment", () => {
    const text = "  # machine h.example login u password p\nmachine h.example login v password q # login w";
    expect(loginFor(text, "https://h.example/x")).toBe("v:q");
  });
});

describe("a malformed file is refused by file and line, without its text", () => {
  test.each([
    [
      "machine a.example login u password p\n\nmachine b.example login u password\n",
      3,
      "password is followed",
    ],
    ["machine a.example login u\n password p\nmachine", 3, "machine is followed by nothing"],
    ["# passwords\nmachin a.example login u password secret\n", 2, "login comes before any machine"],
    [
      "machine a.example\nmachine b.example login u password secret\n",
      1,
      "this machine has neither login nor password",
    ],
    ["machine https://u:secret@a.example login u password secret\n", 1, "what follows machine is not"],
    ["machine https:// login u password secret\n", 1, "what follows machine is not"],
  ])("%j", (text, line, found) => {
    const outcome = () => parseAuthConf(text, "/etc/mirrorctl/auth.conf");
    expect(outcome).toThrow(`/etc/mirrorctl/auth.conf:${line}: ${found}`);
    expect(outcome).not.toThrow("secret");
  });
});

test("takes a password of anything except white space", () => {
  const words = string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[ \t\r\n]/.test(text));
  assert(
    property(words, (password) => {
      const text = `machine h.example login u password ${password}`;
      expect(loginFor(text, "https://h.example/")).toBe(`u:${password}`);
    }),
  );
});

test("reads any file, or refuses it with an UpstreamError", () => {
  assert(
    property(string({ unit: "binary" }), (text) => {
      expect(outcomeOf(`machine h.example login u ${text}`)).toSatisfy(
        (outcome) => Array.isArray(outcome) || outcome instanceof UpstreamError,
      );
    }),
  );
});

function outcomeOf(text: string): unknown {
  try {
    return parseAuthConf(text, "auth.conf");
  } catch (error) {
    return error;
  }
}

test("refuses a name that is far too long", () => {
  const text = `machine ${"a".repeat(17_000)} login x password y`;
  expect(() => parseAuthConf(text, "auth.conf")).toThrow(
    expect.objectContaining({ code: "AUTH_CONF_MALFORMED" }),
  );
});
