import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { inspectConfig } from "../inspect.ts";
import type { MirrorDraft } from "./draft.ts";
import { formatConfig, formatPart } from "./format-draft.ts";

const mirror: MirrorDraft = {
  id: "debian-trixie",
  about: ["Debian trixie"],
  values: {
    url: "https://deb.debian.org/debian/",
    suites: ["trixie", "trixie-updates"],
    sections: ["main"],
    architectures: ["amd64"],
    publish_to_staging: true,
  },
  notes: { sections: "also: contrib" },
};

test("writes a configuration that is valid and says what was drafted", async () => {
  const text = formatConfig({ dir: "/srv/apt", baseUrl: "http://apt.example.org/", mirrors: [mirror] });
  const { problems, config } = inspectConfig({ text, path: "/etc/m.toml", env: {}, homeDir: "/root" });
  expect(problems).toEqual([]);
  expect(config).toMatchObject({
    dir: "/srv/apt",
    mirrors: [
      {
        id: "debian-trixie",
        suites: ["trixie", "trixie-updates"],
        publishToStaging: true,
        snapshotEachSync: true,
        snapshot: { skipUnchanged: true },
        publish: { baseUrl: "http://apt.example.org/" },
        criteria: [{ gate: "complete" }, { gate: "max_removed_percent" }],
      },
    ],
  });
});

test("writes notes above the lines that they are about", () => {
  expect(formatPart({ baseUrl: undefined, mirrors: [mirror] })).toBe(`# Debian trixie
[mirrors.debian-trixie]
url = "https://deb.debian.org/debian/"
suites = ["trixie", "trixie-updates"]
# also: contrib
sections = ["main"]
architectures = ["amd64"]
publish_to_staging = true
`);
});

test("writes any text so that TOML reads it again", () => {
  const text = 'a "b" \\ \u007f \u0001 é';
  const written = formatPart({
    baseUrl: undefined,
    mirrors: [{ id: "m", about: [], values: { url: text } }],
  });
  expect(parse(written)).toEqual({ mirrors: { m: { url: text } } });
});
