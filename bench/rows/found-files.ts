import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Mirrorctl } from "../contestants/mirrorctl.ts";
import type { Contestant, Group } from "../measure/row.ts";
import { inProportion } from "../settings.ts";
import type { Mirror } from "../stage/mirror.ts";
import { builds } from "./builds.ts";

const packagesOfSite = 63_440;
const bytesOfPackage = 8_000;

export const foundFiles: Group = {
  name: "found-files",
  title: "Files of another tool",
  says: `First syncs of ${packagesOfSite.toLocaleString("en")} packages of ${bytesOfPackage / 1000} kB on average, which the tree of another tool has. cp hashes nothing.`,
  async *rows(stage) {
    const packages = inProportion(stage.settings, packagesOfSite);
    const site = await stage.site("found-files", { packages, bytes: packages * bytesOfPackage });
    const old = join(site.dir, "other-tool");
    cpSync(join(site.upstream.root, "pool"), join(old, "pool"), {
      recursive: true,
      preserveTimestamps: true,
    });
    const copy = join(site.dir, "cp");
    const cp = (flags: string): Contestant => ({
      name: `cp ${flags}`,
      prepare: () => rmSync(copy, { recursive: true, force: true }),
      command: () => ({ argv: ["cp", flags, old, copy] }),
    });
    const [first] = builds(stage.settings, site, "found");
    if (first === undefined) return;
    const sync = (...flags: readonly string[]): Contestant => syncing(first, ...flags);
    yield { work: "all downloaded, from loopback", server: site.server, contestants: [sync()] };
    yield { work: "--files", server: site.server, contestants: [cp("-a"), sync("--files", old)] };
    yield {
      work: "--files --link",
      server: site.server,
      contestants: [cp("-al"), sync("--files", old, "--link")],
    };
  },
};

const syncing = (mirror: Mirror<Mirrorctl>, ...flags: readonly string[]): Contestant => ({
  name: mirror.name,
  prepare: () => mirror.reset(),
  command: () => mirror.tool.run("sync", ...flags),
});
