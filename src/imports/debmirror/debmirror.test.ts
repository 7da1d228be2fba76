import { describe, expect, test } from "vitest";
import { mirrorsOf, remarked } from "../imports.fixture.ts";
import { importDebmirror } from "./debmirror.ts";

const ofLine = (line: string) => importDebmirror({ args: line.split(" ") }, "amd64");

describe("a command line", () => {
  test("becomes a mirror", () => {
    const imported = ofLine(
      "--host=deb.example.org --root=debian --dist=bookworm,bookworm-updates --section=main,contrib --arch=amd64 -e http --nosource --getcontents --i18n --exclude=/games/ --rsync-extra=none --progress /srv/debian",
    );
    expect(mirrorsOf(imported)).toEqual({
      "debian-bookworm": {
        url: "http://deb.example.org/debian/",
        suites: ["bookworm", "bookworm-updates"],
        sections: ["main", "contrib"],
        architectures: ["amd64"],
      },
    });
    expect(remarked(imported, "dropped")).toEqual([
      "argument 11: --exclude=/games/",
      "argument 12: --rsync-extra=none",
    ]);
    expect(remarked(imported, "changed")).toContain("argument 14: /srv/debian");
  });

  test("may shorten names, as Getopt::Long lets it", () => {
    const imported = ofLine(
      "--ho h.example --DIST sid -s main --ar=arm64 -e http --no-source --no-check-gpg /srv",
    );
    expect(mirrorsOf(imported)).toEqual({
      "debian-sid": {
        url: "http://h.example/debian/",
        suites: ["sid"],
        sections: ["main"],
        architectures: ["arm64"],
        no_pgp_check: true,
        contents: false,
      },
    });
    expect(remarked(imported, "dropped")).toEqual([]);
  });

  test("has the defaults of debmirror", () => {
    expect(mirrorsOf(ofLine("--method=http /srv"))).toEqual({
      "debian-sid": {
        url: "http://ftp.debian.org/debian/",
        suites: ["sid"],
        sections: ["main", "contrib", "non-free", "non-free-firmware"],
        architectures: ["i386"],
        mirror_source: true,
        contents: false,
        installer: true,
      },
    });
  });

  test("of no architecture still gets packages, and says so", () => {
    const imported = ofLine("--host=h.example --method=http --arch=none --dist=sid --section=main /srv");
    expect(imported.mirrors.map(({ architectures }) => architectures)).toEqual([["amd64"]]);
    expect(remarked(imported, "changed")).toContain("argument 3: arch none");
  });

  test("of a disk names nothing to mirror", () => {
    const imported = ofLine("--method=file --root=/media/dvd /srv");
    expect(imported.mirrors).toEqual([]);
    expect(remarked(imported, "dropped")).toEqual(["argument 1: method file"]);
  });
});

describe("its file", () => {
  test("becomes a mirror, and is not run", () => {
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
    const imported = importDebmirror({ file }, "amd64");
    expect(remarked(imported, "dropped")).toEqual([
      "line 13: rsync_extra = doc",
      "line 14: $dir = `hostname`;",
      'line 15: system("rm -rf /");',
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

  test("is the one that the package has as a sample, with nothing dropped", () => {
    const file = `
$verbose=0;
$progress=0;
$debug=0;
$host="ftp.debian.org";
$user="anonymous";
$passwd="anonymous@";
$remoteroot="debian";
$download_method="ftp";
@dists="sid";
@sections="main,main/debian-installer,contrib,non-free,non-free-firmware";
@arches="i386";
@ignores="";
@excludes="";
$omit_suite_symlinks=0;
$skippackages=0;
$i18n=0;
$getcontents=0;
$do_source=1;
$max_batch=0;
$state_cache_days=0;
$ignore_release_gpg=0;
$ignore_release=0;
$check_md5sums=0;
$ignore_small_errors=0;
$cleanup=0;
$post_cleanup=1;
$timeout=300;
$rsync_batch=200;
$rsync_options="-aIL --partial";
$passive=0;
$dry_run=0;
$proxy="";
$diff_mode="use";
1;
`;
    const imported = importDebmirror({ file }, "amd64");
    expect(remarked(imported, "dropped")).toEqual([]);
    expect(remarked(imported, "changed")).toContain("line 9: method ftp");
    expect(imported.credentials).toEqual([]);
    expect(Object.keys(mirrorsOf(imported))).toEqual(["debian-sid"]);
  });

  test("gives way to a command line", () => {
    const file = '$host="h.example";\n$download_method="http";\n@dists="sid";\n$getcontents=1;\n';
    const imported = importDebmirror(
      { file, args: ["--host=i.example", "--dist=trixie", "--arch=amd64"] },
      "amd64",
    );
    expect(imported.mirrors.map(({ urls, suites }) => [urls, suites])).toEqual([
      [["http://i.example/debian/"], ["sid", "trixie"]], // its lists are longer, as for debmirror
    ]);
  });
});
