import { describe, expect, test } from "vitest";
import { parseSources } from "../../apt-sources/index.ts";
import { mirrorsOfEntries } from "./from-sources.ts";
import { mirrorIdOf } from "./mirror-id.ts";

const mirrorsOf = (text: string) => mirrorsOfEntries(parseSources(text).entries, ["amd64"]);

const valuesOf = (text: string) => mirrorsOf(text).mirrors.map(({ draft }) => draft.values);

const one = {
  url: "https://h.example/debian/",
  suites: ["trixie"],
  sections: ["main"],
  architectures: ["amd64"],
};

describe("the mirrors of some lines", () => {
  test("have the suites and types of all lines that are otherwise alike", () => {
    const text = `deb https://h.example/debian trixie main
deb https://h.example/debian/ trixie-updates main
deb-src https://h.example/debian trixie main
deb https://h.example/debian trixie-backports main contrib
`;
    expect(valuesOf(text)).toEqual([
      { ...one, suites: ["trixie", "trixie-updates"], mirror_source: true },
      { ...one, suites: ["trixie-backports"], sections: ["main", "contrib"] },
    ]);
  });

  test.each<[string, object]>([
    ["[arch=amd64,arm64]", { architectures: ["amd64", "arm64"] }],
    ["[arch+=i386]", { architectures: ["amd64", "i386"] }],
    ["[check-valid-until=no check-date=no]", { allow_expired: true, allow_future: true }],
    ["[allow-weak=yes lang=none]", { allow_weak: true, translations: false }],
    [`[signed-by=${"A".repeat(40)}]`, { signed_by: ["A".repeat(40)] }],
    ["[trusted=yes pdiffs=no]", {}],
  ])("follow %s", (options, values) => {
    expect(valuesOf(`deb ${options} https://h.example/debian trixie main`)).toEqual([{ ...one, ...values }]);
  });

  test("have neither sections nor architectures if the suite is a path", () => {
    expect(valuesOf("deb https://h.example/debian $(ARCH)/")).toEqual([{ url: one.url, suites: ["amd64/"] }]);
  });

  test("are as many as architectures in a URI with a variable", () => {
    const values = valuesOf("deb [arch=amd64,arm64] https://h.example/$(ARCH) trixie main");
    expect(values.map(({ url, architectures }) => [url, architectures])).toEqual([
      ["https://h.example/amd64/", ["amd64"]],
      ["https://h.example/arm64/", ["arm64"]],
    ]);
  });

  test("say what is left out", () => {
    const text = `deb [trusted=yes by-hash=force lang=de signed-by=/k.gpg] https://h.example/debian trixie main
deb cdrom:[Debian]/ trixie main
deb [trusted=no arch=amd64] https://h.example/debian trixie main
`;
    expect(mirrorsOf(text).notes).toEqual([
      { kind: "trust-left-out", line: 1, option: "Trusted" },
      { kind: "option-left-out", line: 1, option: "By-Hash" },
      { kind: "option-left-out", line: 1, option: "Languages" },
      { kind: "keys-unnamed", line: 2 },
      { kind: "keys-unnamed", line: 3 },
      { kind: "method-unsupported", line: 2, uris: ["cdrom:[Debian]/"] },
    ]);
  });

  test("leave out a disabled stanza, and take several URIs as one repository", () => {
    const text = `Types: deb
URIs: https://h.example/debian https://i.example/
Suites: trixie
Components: main

Enabled: no
Types: deb
URIs: https://i.example/
Suites: ./
`;
    expect(valuesOf(text)).toEqual([{ ...one, url: ["https://h.example/debian/", "https://i.example/"] }]);
    expect(mirrorsOf(text).notes).toEqual([
      { kind: "keys-unnamed", line: 1 },
      { kind: "several-urls", line: 1 },
      { kind: "entry-disabled", line: 6 },
    ]);
  });
});

test.each([
  ["https://download.docker.com/linux/debian", "trixie", "docker-trixie"],
  ["https://deb.debian.org/debian", "trixie", "debian-trixie"],
  ["http://security.debian.org/debian-security", "trixie-security", "debian-trixie-security"],
  ["https://apt.grafana.com", "stable", "grafana"],
  ["https://pkgs.k8s.io/core:/stable:/v1.34/deb/", "/", "k8s"],
  ["https://ppa.launchpadcontent.net/git-core/ppa/ubuntu", "noble", "ppa-git-core-ppa-noble"],
  ["https://apt.postgresql.org/pub/repos/apt", "trixie-pgdg", "postgresql-trixie-pgdg"],
  ["https://h.example/", "stable/updates", "h-stable-updates"],
  ["http://192.0.2.1:8080/x", "stable", "mirror"],
  ["http://[::1]/", "./", "mirror"],
])("the mirror of %s %s is %s", (uri, suite, id) => {
  expect(mirrorIdOf(uri, [suite], new Set())).toBe(id);
  expect(mirrorIdOf(uri, [suite], new Set([id]))).toBe(`${id}-2`);
});
