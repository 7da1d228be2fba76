import { readFileSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inspectConfig } from "../../config/index.ts";
import { importPlaceText } from "../../report/words/import-places.ts";
import { directoryForTest } from "../test-support.ts";
import { importConfig } from "./index.ts";

const dropped = async (list: string, write?: string) => {
  const directory = directoryForTest();
  const path = directory.join("mirror.list");
  writeFileSync(path, list);
  const to = write === undefined ? undefined : directory.join(write);
  const outcome = await importConfig({ tool: "apt-mirror", words: [path], write: to, architecture: "amd64" });
  const source = { path: "/etc/mirror.toml", text: outcome.text, env: {}, homeDir: "/root" };
  expect(inspectConfig(source).problems).toEqual([]);
  const remarks = outcome.remarks.filter(({ kind }) => kind === "dropped");
  return {
    ...outcome,
    directory,
    dropped: remarks.map(({ place, said }) => `${importPlaceText(place)}${said}`),
  };
};

const good = "deb http://h.example/debian bookworm main\n";

test("drops words that a configuration cannot have, with their lines", async () => {
  const { mirrors, dropped: words } = await dropped(
    `${good}deb http://h.example/b ../etc main\ndeb http://h.example/c sid main \\\n  contrib\n`,
  );
  expect(mirrors).toEqual(["debian-bookworm", "c-sid"]);
  expect(words).toEqual([
    "line 4: contrib",
    "line 2: suites of b-etc: ../etc",
    String.raw`line 3: sections of c-sid: \ `.trim(),
    "line 2: mirror b-etc",
  ]);
});

test("drops passwords that auth.conf cannot have, and says so", async () => {
  const {
    written,
    unwrittenPasswords,
    dropped: words,
  } = await dropped(`${good}deb http://ada:two%20words@h.example/b sid main\n`, "mirror.toml");
  expect(words).toEqual(["the password for http://h.example"]);
  expect(written).toHaveLength(1);
  expect(unwrittenPasswords).toEqual(["http://h.example"]);
});

test("writes passwords to auth.conf alone, which only its owner can read", async () => {
  const { directory, text, remarks } = await dropped(
    `deb http://ada:s3cret@h.example/b sid main\n`,
    "mirror.toml",
  );
  const auth = directory.join("auth.conf");
  expect(readFileSync(auth, "utf8")).toBe("machine http://h.example login ada password s3cret\n");
  expect(statSync(auth).mode & 0o777).toBe(0o600);
  expect(text + JSON.stringify(remarks)).not.toContain("s3cret");
});
