import { describe, expect, test } from "vitest";
import { mirrorsOf, remarked } from "../imports.fixture.ts";
import { importAptly } from "./aptly.ts";

const shown = {
  Name: "Grafana Stable",
  ArchiveRoot: "https://apt.example.org/",
  Distribution: "stable",
  Components: ["main"],
  Architectures: ["amd64", "arm64"],
  Filter: "Name (% grafana*)",
  DownloadSources: false,
};
const imported = (...values: readonly object[]) =>
  importAptly([
    { name: "mirrors.json", text: values.map((one) => JSON.stringify(one, undefined, 4)).join("\n") },
  ]);
const filtered = (filter: string) => imported({ ...shown, Filter: filter });
const patternsOf = (filter: string): readonly RegExp[] =>
  [filtered(filter).mirrors[0]?.tables["filters"]?.["exclude_patterns"] ?? []]
    .flat()
    .map((pattern) => new RegExp(String(pattern)));

/** The names of packages that the patterns leave in, each with a version, as the filters match them. */
function leftBy(filter: string, names: readonly string[]): readonly string[] {
  const patterns = patternsOf(filter);
  return names.filter((name) =>
    patterns.every((pattern) => !pattern.test(name) && !pattern.test(`${name}_1:2.0-dev+nginx~1`)),
  );
}

describe("mirrors", () => {
  test("are read from what aptly prints, one after the other", () => {
    const found = imported(shown, { ...shown, Name: "flat", Distribution: "./", Filter: "" });
    expect(mirrorsOf(found)).toEqual({
      "grafana-stable": {
        url: "https://apt.example.org/",
        suites: ["stable"],
        sections: ["main"],
        architectures: ["amd64", "arm64"],
        dep11: false,
        filters: { exclude_patterns: ["^(?!(?:grafana.*)$)[^_]*$"] },
      },
      flat: { url: "https://apt.example.org/", suites: ["./"], dep11: false },
    });
    expect(remarked(found, "dropped")).toEqual([]);
  });

  test("are read from the list of its API", () => {
    const text = JSON.stringify([shown, { ...shown, Name: "other", DownloadSources: true }]);
    const { mirrors } = importAptly([{ name: "api.json", text }]);
    expect(mirrors.map(({ id, source }) => [id, source])).toEqual([
      ["grafana-stable", false],
      ["other", true],
    ]);
  });

  test("that have nothing to mirror are named with the field", () => {
    const found = imported(shown, { ...shown, Name: "old", ArchiveRoot: "ftp://h.example/" });
    expect(remarked(found, "dropped")).toEqual(["ArchiveRoot of old: mirror old"]);
  });

  test("in another form are refused", () => {
    expect(() => importAptly([{ name: "a.txt", text: "Name: x" }])).toThrow(
      "a.txt is not JSON, expected what",
    );
  });
});

describe("a filter", () => {
  const names = ["nginx", "nginx-core", "libnginx", "libnginx-dev", "curl", "g++"];

  test.each([
    ["Name (= nginx)", ["nginx"]],
    ["Name (nginx)", ["nginx"]],
    ['Name (= "g++")', ["g++"]],
    ["Name (% nginx*)", ["nginx", "nginx-core"]],
    ["Name (% ?url)", ["curl"]],
    ["Name (% [a-c]*)", ["curl"]],
    ["Name (~ nginx)", ["nginx", "nginx-core", "libnginx", "libnginx-dev"]],
    ["Name (~ ^nginx$)", ["nginx"]],
    ["Name (~ '^(nginx|curl)$')", ["nginx", "curl"]],
    ["Name (~ -dev$)", ["libnginx-dev"]],
    ["!Name (~ -dev$)", ["nginx", "nginx-core", "libnginx", "curl", "g++"]],
    ["Name (% lib*), !Name (% *-dev)", ["libnginx"]],
    ["Name (curl) | Name (% lib*), !Name (% *-dev)", ["libnginx", "curl"]],
    ["(Name (curl) | Name (% lib*)), !Name (% *-dev)", ["libnginx", "curl"]],
    ["!(Name (curl) | Name (% *nginx*))", ["g++"]],
    ["!!Name (curl)", ["curl"]],
    ["Name", names],
  ])("%s lets through what aptly lets through", (filter, expected) => {
    expect(remarked(filtered(filter), "dropped")).toEqual([]);
    expect(leftBy(filter, names)).toEqual(expected);
  });

  test.each([
    ["nginx", "a query for a dependency also finds packages that provide it"],
    ["nginx (>= 1.0) {amd64}", "a query for a dependency"],
    ["nginx_1.0_amd64", "a query for a dependency"],
    ["$Source (nginx)", "filters here see names and versions of packages, not $Source"],
    ["Name (curl) | Priority (required)", "not Priority"],
    ["Section (= admin)", "not Section"],
    ["Name (>= nginx)", "names cannot be compared with >="],
    ["Name (~ '(?i)NGINX')", '"(?i)NGIN'],
    ["Name (~ '(a+)+$')", "a repetition of a repetition"],
    ["Name (~ [[:alpha:]])", "in a regular expression"],
    ["Name (% '[!a]*')", "is not plain"],
    ["Name (curl", "a ) is missing"],
    ["Name (curl) Name (x)", "the filter cannot be read to its end"],
    ["Name (a|b)", "a ) is missing"],
    [`${"(".repeat(10_000)}Name (curl)`, "very deep parentheses"],
  ])("%s is dropped, with the reason", (filter, reason) => {
    const found = filtered(filter);
    const [remark] = found.remarks.filter(({ kind }) => kind === "dropped");
    expect(remark).toMatchObject({ place: { mirror: "Grafana Stable", field: "Filter" } });
    expect(remark?.means).toContain(reason);
    expect(remark?.means).toContain("All packages are mirrored");
    expect(patternsOf(filter)).toEqual([]);
  });

  test("with dependencies is dropped", () => {
    expect(remarked(imported({ ...shown, FilterWithDeps: true }), "dropped")).toEqual([
      "Filter of Grafana Stable: Name (% grafana*)",
    ]);
  });
});

describe("its configuration", () => {
  const json = `{
  "rootDir": "/srv/aptly",
  "downloadConcurrency": 4,
  "downloadSpeedLimit": 100,
  "architectures": [
    "amd64"
  ],
  "gpgDisableVerify": true,
  "S3PublishEndpoints": { "test": { "awsSecretAccessKey": "s3cret" } }
}
`;
  const yaml = `# aptly
root_dir: "/srv/aptly"
download_concurrency: 4   # at once
download_limit: 0
download_speed_limit: 100
architectures:
  - amd64
gpg_disable_verify: true
s3_publish_endpoints:
  test:
    secret_access_key: s3cret
`;

  test.each([
    ["aptly.conf", json, [2, 3, 4, 5, 8, 9]],
    ["aptly.yaml", yaml, [2, 3, 5, 6, 8, 9]],
  ])("%s is read beside the mirrors", (name, text, lines) => {
    const found = importAptly([
      { name: "mirrors.json", text: JSON.stringify({ ...shown, Architectures: [], Filter: "" }) },
      { name, text },
    ]);
    expect(found.settings.values).toEqual({ max_conns: 4 });
    expect(mirrorsOf(found)).toMatchObject({
      "grafana-stable": { architectures: ["amd64"], no_pgp_check: true },
    });
    const places = found.remarks.flatMap(({ place }) =>
      place !== undefined && "line" in place ? [place] : [],
    );
    expect(places).toEqual(lines.map((line) => ({ file: name, line })));
    expect(remarked(found, "dropped")).toEqual([
      `${name}:${lines[2]}: downloadSpeedLimit: 100`.replace(
        "downloadSpeedLimit",
        name.endsWith("yaml") ? "download_speed_limit" : "downloadSpeedLimit",
      ),
    ]);
    expect(JSON.stringify(found)).not.toContain("s3cret");
    expect(JSON.stringify(found.remarks)).toContain("its files are in /srv/aptly/pool");
  });

  test("names no mirrors, and is not taken for a list of them", () => {
    expect(importAptly([{ name: "aptly.conf", text: json }]).mirrors).toEqual([]);
  });
});
