/** What an error of a read-only disk says in a service of systemd. */
import { expect, test } from "vitest";
import { createHost } from "../../test/support/host.ts";
import { temporaryDirectory } from "../../test/support/temporary-directory.ts";
import { parseConfig } from "../config/index.ts";
import { openReports } from "./reports.ts";

async function linesFor(dir: string, snapshots: string): Promise<string> {
  await using directory = await temporaryDirectory();
  const text = `dir = "${dir}"\nsnapshot.path = "${snapshots}"\n[mirrors.a]\nurl = "http://a/"\nsuites = ["s/"]\n`;
  const config = await parseConfig({ path: directory.join("m.toml"), text, env: {}, homeDir: "/root" });
  let said = "";
  const write = (words: string): void => void (said += words);
  const host = createHost({
    service: { unit: "a.service", stateDirectories: ["/var/lib/mirrorctl"] },
    stderr: { isTerminal: false, columns: 80, write },
  });
  const flags = { config: undefined, logLevel: undefined, quiet: false, verboseErrors: false, json: false };
  const { log } = openReports(host, flags, config, () => false);
  const error = Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS" });
  log.error(error);
  return said;
}

test("one path above all directories, so that hard links do not cross mounts", async () => {
  expect(await linesFor("/srv/apt", "/srv/apt/snapshots")).toContain("ReadWritePaths=/srv/apt\n");
  expect(await linesFor("/srv/apt/www", "/srv/apt/snapshots")).toContain("ReadWritePaths=/srv/apt\n");
  const apart = await linesFor("/srv/apt", "/srv/aptly");
  expect(apart).toContain("ReadWritePaths=/srv\n");
  expect(apart).toContain("install -d -o ada /srv/apt /srv/aptly\n");
  expect(await linesFor("/srv/apt", "/data/apt")).toContain("ReadWritePaths=/srv/apt /data/apt\n");
});

test("only what the unit does not allow by itself", async () => {
  expect(await linesFor("/var/lib/mirrorctl", "/srv/apt")).toContain("ReadWritePaths=/srv/apt\n");
  expect(await linesFor("/var/lib/mirrorctl", "/var/lib/mirrorctl/x")).not.toContain("ReadWritePaths");
});
