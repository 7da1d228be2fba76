import { assert as assertLaw, property, string } from "fast-check";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { inspectConfig } from "../config/index.ts";
import {
  formatAuth,
  formatConfig,
  type Imported,
  importAptly,
  importAptMirror,
  importDebmirrorArguments,
  importDebmirrorFile,
} from "./index.ts";

const heading = { from: "a test", dir: "/srv/mirrors" };
/** The tables of the mirrors, as TOML has them. The configuration must be valid. */
function mirrorsOf(imported: Imported): Record<string, unknown> {
  const text = formatConfig(imported, heading);
  const source = { path: "/etc/mirrorctl/mirror.toml", text, env: {}, homeDir: "/root" };
  expect(inspectConfig(source).problems).toEqual([]);
  return parse(text)["mirrors"] as Record<string, unknown>;
}
const remarked = ({ remarks }: Imported, kind: string): readonly string[] =>
  remarks.filter((one) => one.kind === kind).map(({ line, said }) => `${line ?? "-"} ${said}`);

describe("apt-mirror", () => {
  const list = `# a comment
set base_path    /var/spool/apt-mirror
set nthreads     8
set limit_rate   1m
set host         deb.example.org
set _contents    0

deb http://$host/debian bookworm main contrib
deb-src http://$host/debian bookworm main contrib
deb-i386 http://$host/debian bookworm main contrib
deb [arch=arm64] https://ada:s3cret@vendor.example/apt stable main
deb https://flat.example/repo ./
deb ftp://old.example/debian bookworm main
clean http://$host/debian
nonsense
`;
  const imported = importAptMirror(list, "amd64");

  test("becomes mirrors that load", () => {
    expect(mirrorsOf(imported)).toEqual({
      "debian-bookworm": {
        url: "http://deb.example.org/debian/",
        suites: ["bookworm"],
        sections: ["main", "contrib"],
        architectures: ["amd64", "i386"],
        mirror_source: true,
        contents: false,
      },
      "apt-stable": {
        url: "https://vendor.example/apt/",
        suites: ["stable"],
        sections: ["main"],
        architectures: ["arm64"],
        contents: false,
      },
      repo: { url: "https://flat.example/repo/", suites: ["./"], contents: false },
    });
    expect(imported.settings.maxConns).toBe(8);
  });

  test("names what is dropped with its line", () => {
    expect(remarked(imported, "dropped")).toEqual([
      "4 set limit_rate   1m",
      "13 deb ftp://old.example/debian bookworm main",
      "15 nonsense",
    ]);
  });

  test("keeps passwords out of the configuration and the remarks", () => {
    expect(imported.credentials).toEqual([
      { origin: "https://vendor.example", login: "ada", password: "s3cret" },
    ]);
    expect(formatConfig(imported, heading) + JSON.stringify(imported.remarks)).not.toContain("s3cret");
    expect(formatAuth(imported.credentials).text).toBe(
      "machine https://vendor.example login ada password s3cret\n",
    );
  });

  test("says that sources and binaries share their sections", () => {
    const sources = "deb http://h.example/d s main\ndeb-src http://h.example/d s main contrib\n";
    expect(remarked(importAptMirror(sources, "amd64"), "changed")).toContain("2 deb-src of s: contrib main");
  });

  test("makes several mirrors of suites that differ in sections", () => {
    const text =
      "deb http://h.example/d a main\ndeb http://h.example/d b main\ndeb http://h.example/d c main extra\n";
    expect(Object.keys(mirrorsOf(importAptMirror(text, "amd64")))).toEqual(["d-a", "d-c"]);
  });

  test("has no words of a comment behind a line as its sections", () => {
    const { mirrors } = importAptMirror("deb http://h.example/a b main # and contrib\n", "amd64");
    expect(mirrors.map(({ sections }) => sections)).toEqual([["main"]]);
  });

  test("has the last of a hundred thousand architectures", () => {
    const text = `deb [${"arch=i386 ".repeat(100_000)}arch=arm64] http://h.example/a b main\n`;
    const { mirrors } = importAptMirror(text, "amd64");
    expect(mirrors.map(({ architectures }) => architectures)).toEqual([["arm64"]]);
  });

  test("numbers mirrors of one name", () => {
    const names = ["a/debian", "b/debian", "c/debian-b", "d/debian", "e/debian/b-2"];
    const text = names.map((name) => `deb http://h.example/${name} b main\n`).join("");
    const ids = importAptMirror(`${text}deb http://h.example/f/debian-b 2 main\n`, "amd64").mirrors.map(
      ({ id }) => id,
    );
    expect(ids).toEqual(["debian-b", "debian-b-2", "debian-b-b", "debian-b-3", "b-2-b", "debian-b-2-2"]);
  });

  test("ends if a variable contains itself", () => {
    const text = `set a $a$a$a\ndeb http://h.example/$a b main\n`;
    expect(importAptMirror(text, "amd64").mirrors).toHaveLength(1);
  });
});

describe("debmirror", () => {
  test("becomes a mirror from its command line", () => {
    const line =
      "--host=deb.example.org --root=debian --dist=bookworm,bookworm-updates --section=main,contrib --arch=amd64 -e http --nosource --getcontents --exclude=/games/ --rsync-extra=none --progress /srv/debian";
    const imported = importDebmirrorArguments(line.split(" "), "amd64");
    expect(mirrorsOf(imported)).toEqual({
      "debian-bookworm": {
        url: "http://deb.example.org/debian/",
        suites: ["bookworm", "bookworm-updates"],
        sections: ["main", "contrib"],
        architectures: ["amd64"],
        translations: false,
      },
    });
    expect(remarked(imported, "dropped")).toEqual(["- --exclude=/games/", "- --rsync-extra=none"]);
  });

  test("becomes a mirror from its file, without running it", () => {
    const file = `# debmirror.conf
$host="deb.example.org";
$remoteroot='debian';
$download_method="https"; # a comment
@dists=("bookworm", "trixie,sid");
@sections=qw(main
  main/debian-installer);
@arches="amd64";
$do_source=1;
$i18n=1;
$user="ada";
$passwd="s3cret";
@rsync_extra="doc";
$dir = \`hostname\`;
system("rm -rf /");
1;
`;
    const imported = importDebmirrorFile(file, "amd64");
    expect(remarked(imported, "dropped")).toEqual([
      '8 @arches="amd64";',
      '13 @rsync_extra="doc";',
      "14 $dir = `hostname`;",
      '15 system("rm -rf /");',
    ]);
    expect(mirrorsOf(imported)).toEqual({
      "debian-bookworm": {
        url: "https://deb.example.org/debian/",
        suites: ["bookworm", "trixie", "sid"],
        sections: ["main"],
        architectures: ["amd64"],
        mirror_source: true,
        contents: false,
        installer: true,
      },
    });
    expect(imported.credentials).toEqual([
      { origin: "https://deb.example.org", login: "ada", password: "s3cret" },
    ]);
    expect(JSON.stringify(imported.remarks)).not.toContain("s3cret");
  });
});

describe("aptly", () => {
  const shown = {
    Name: "Grafana Stable",
    ArchiveRoot: "https://apt.example.org/",
    Distribution: "stable",
    Components: ["main"],
    Architectures: ["amd64", "arm64"],
    Filter: "Name (% grafana*)",
    DownloadSources: false,
  };

  test("becomes mirrors from what it prints, one after the other", () => {
    const text = [shown, { ...shown, Name: "flat", Distribution: "./", Filter: "" }]
      .map((one) => JSON.stringify(one, undefined, 4))
      .join("\n");
    const imported = importAptly(text);
    expect(mirrorsOf(imported)).toEqual({
      "grafana-stable": {
        url: "https://apt.example.org/",
        suites: ["stable"],
        sections: ["main"],
        architectures: ["amd64", "arm64"],
        dep11: false,
      },
      flat: { url: "https://apt.example.org/", suites: ["./"], dep11: false },
    });
    expect(remarked(imported, "dropped")).toEqual(["- filter of Grafana Stable: Name (% grafana*)"]);
  });

  test("says what it needs if it gets something else", () => {
    expect(() => importAptly("rootDir: /srv")).toThrow("the file is not JSON, expected what");
  });
});

const remarksOf = ({ remarks }: Imported): string => JSON.stringify(remarks);

describe("passwords", () => {
  test.each([
    'set proxy_password "a s3cret word"',
    "set http_proxy ada:s3cret@proxy.example:3128",
    "deb http://ada:a/s3cret@h.example/debian bookworm main",
    "set login ada:s3cret\ndeb http://$login@h.example/debian bookworm main",
  ])("of apt-mirror are in no remark: %s", (text) => {
    expect(remarksOf(importAptMirror(text, "amd64"))).not.toContain("s3c");
  });

  test("of debmirror are in no remark, whatever is around them", () => {
    const file = '$host="h.example";\n$passwd="a s3cret";\n$passwd = $x . "s3cret";\n';
    expect(remarksOf(importDebmirrorFile(file, "amd64"))).not.toContain("s3c");
    const line = ["--host=h.example", "--passwd", "a s3cret", "--proxy=ada:s3cret@proxy.example"];
    expect(remarksOf(importDebmirrorArguments(line, "amd64"))).not.toContain("s3c");
  });

  test("of two users of one host are not mixed up", () => {
    const text = "deb http://ada:one1@h.example/a b main\ndeb http://bob:two2@h.example/c b main\n";
    const imported = importAptMirror(text, "amd64");
    expect(imported.credentials).toEqual([{ origin: "http://h.example", login: "ada", password: "one1" }]);
    expect(remarked(imported, "dropped")).toEqual(["2 another user of http://h.example"]);
  });
});

describe("the configuration that is written", () => {
  test("is TOML whatever the names are", () => {
    assertLaw(
      property(string({ unit: "binary" }), (text) => {
        const mirror = {
          id: "m",
          url: text,
          suites: [text],
          sections: [],
          architectures: [],
          source: false,
          lines: [],
        };
        const remark = { kind: "dropped", line: 1, said: text, means: text } as const;
        const imported = { settings: {}, mirrors: [mirror], credentials: [], remarks: [remark] };
        const values = parse(formatConfig(imported, heading)) as { mirrors: { m: { url: string } } };
        expect(values.mirrors.m.url).toBe(text.toWellFormed());
      }),
    );
  });

  test("leaves out passwords that auth.conf cannot have", () => {
    const spaced = { origin: "https://h.example", login: "ada", password: "two words" };
    expect(formatAuth([spaced])).toEqual({ text: "", unwritable: [spaced] });
  });
});
