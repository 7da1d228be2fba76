import { describe, expect, test } from "vitest";
import { importAptMirror } from "./apt-mirror/apt-mirror.ts";
import { importAptly } from "./aptly/aptly.ts";
import { importDebmirror } from "./debmirror/debmirror.ts";
import { formatAuth } from "./drafts/format-auth.ts";
import { everythingSaid, remarked } from "./imports.fixture.ts";

describe("passwords", () => {
  test.each([
    'set proxy_password "a s3cret word"',
    "set http_proxy ada:s3cret@proxy.example:3128",
    "deb http://ada:a/s3cret@h.example/debian bookworm main",
    "deb http://ada:a@s3cret@h.example/debian bookworm main",
    "deb http://ada:a%40s3cret@h.example/debian bookworm main",
    "deb http://ada:%s3cret%zz@h.example/debian bookworm main",
    "deb ftp://ada:s3cret@h.example/debian bookworm main",
    "dep http://ada:s3cret@h.example/debian bookworm main",
    "set login ada:s3cret\ndeb http://$login@h.example/debian bookworm main",
    "set proxy_password s3cret\nset use_proxy on s3cret",
    "deb http://ada:s3cret@h.example/d s main\n# or\nclean http://ada:s3cret@h.example/d",
  ])("of apt-mirror are shown nowhere: %s", (text) => {
    expect(everythingSaid(importAptMirror(text, "amd64"))).not.toContain("s3cret");
  });

  test("of debmirror are shown nowhere, whatever is around them", () => {
    const file =
      '$host="h.example";\n$passwd="a s3cret";\n$passwd = $x . "s3cret";\n$proxy="http://a:s3cret@p/";\n';
    expect(everythingSaid(importDebmirror({ file }, "amd64"))).not.toContain("s3cret");
    const args = ["--host=h.example", "--passwd", "a s3cret", "--proxy=ada:s3cret@proxy.example"];
    expect(everythingSaid(importDebmirror({ args }, "amd64"))).not.toContain("s3cret");
    const short = ["--host", "ada:s3cret@h.example", "--passw=s3cret"];
    expect(everythingSaid(importDebmirror({ args: short }, "amd64"))).not.toContain("s3cret");
  });

  test("of aptly are shown nowhere", () => {
    const mirror = {
      Name: "m",
      ArchiveRoot: "https://ada:s3cret@h.example/d",
      Distribution: "s",
      Components: ["main"],
      Architectures: ["amd64"],
      Filter: "Name (s3cret)) | x",
    };
    expect(everythingSaid(importAptly([{ name: "a", text: JSON.stringify(mirror) }]))).not.toContain(
      "s3cret",
    );
  });

  test("of two users of one host are not mixed up", () => {
    const text = "deb http://ada:one1@h.example/a b main\ndeb http://bob:two2@h.example/c b main\n";
    const imported = importAptMirror(text, "amd64");
    expect(imported.credentials).toEqual([{ origin: "http://h.example", login: "ada", password: "one1" }]);
    expect(remarked(imported, "dropped")).toEqual(["line 2: another user of http://h.example"]);
  });

  test("that auth.conf cannot have are left out", () => {
    const spaced = { origin: "https://h.example", login: "ada", password: "two words" };
    expect(formatAuth([spaced])).toEqual({ text: "", unwritable: [spaced] });
  });
});
