import { parse } from "smol-toml";
import { inspectConfig } from "../config/index.ts";
import { formatImported } from "../operations/imports/format-imported.ts";
import { importPlaceText } from "../report/words/import-places.ts";
import type { Imported, Remark } from "./drafts/imported.ts";

/** The configuration that is written. */
const configOf = (imported: Imported): string =>
  formatImported(imported, { from: "a test", dir: "/srv/mirrors" });

/** The tables of the mirrors, as TOML has them. Throws if the configuration is not valid. */
export function mirrorsOf(imported: Imported): Record<string, unknown> {
  const text = configOf(imported);
  const { problems } = inspectConfig({ path: "/etc/mirrorctl/mirror.toml", text, env: {}, homeDir: "/root" });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return parse(text)["mirrors"] as Record<string, unknown>;
}

/** The remarks of one kind, each with its place. */
export const remarked = ({ remarks }: Imported, kind: Remark["kind"]): readonly string[] =>
  remarks.filter((one) => one.kind === kind).map(({ place, said }) => `${importPlaceText(place)}${said}`);

/** Everything that people and files get to see. */
export const everythingSaid = (imported: Imported): string =>
  configOf(imported) + JSON.stringify(imported.remarks);
