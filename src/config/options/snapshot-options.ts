import * as v from "valibot";
import { parseDuration } from "../values/duration.ts";
import { parseNameFormat } from "../values/name-format.ts";
import { linkNameType, parseLinkName } from "../values/names.ts";
import { absolutePathType, parseAbsolutePath } from "../values/paths.ts";
import { parseClientUrl, upstreamUrlType } from "../values/upstream-url.ts";
import { option, parsed, table } from "./option.ts";

const duration = parsed(parseDuration);
const durationType = 'a duration such as "30d", "2w", "168h" or "2h30m"';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const countType = "a whole number of at least 0";

export const pruneTable = table(
  "The snapshots that `snapshot prune`, and the pruning at the end of each sync, keep: those that any rule keeps, and always those that are staged, in production, or were in production within the grace time.",
  {
    keep_last: option(count, {
      type: countType,
      default: 5,
      help: "Keeps this many of a mirror's newest snapshots.",
    }),
    keep_within: option(duration, {
      type: durationType,
      emptyIsUnset: "text",
      help: "Keeps the snapshots that are younger. If unset, age does not matter.",
    }),
    keep_rollbacks: option(count, {
      type: countType,
      default: 1,
      help: "Keeps this many former production snapshots of any age: those that plain rollbacks go back to, nearest first. `snapshot delete` refuses them without `--force`. With 0, a rollback may have nothing to go back to.",
    }),
  },
);

export const snapshotTable = table(
  "Freezing syncs as snapshots. If this table exists, even empty, every sync creates a snapshot; with `skip_unchanged`, every sync with something new.",
  {
    skip_unchanged: option(v.boolean(), {
      type: "true or false",
      default: false,
      help: "A sync with nothing new makes no snapshot: it keeps the newest one, and stages that if configured. Otherwise identical snapshots push different ones out of `keep_last`.",
    }),
    path: option(parsed(parseAbsolutePath), {
      type: absolutePathType,
      names: "directory",
      defaultText: "`.snapshots` in `dir`",
      emptyIsUnset: "text",
      help: "The directory of snapshots, as `<path>/<id>/<name>`. On another file system than `dir`, files are copied instead of linked.",
    }),
    default_name_format: option(parsed(parseNameFormat), {
      type: "a layout of Go's time package that makes a legal name of a snapshot",
      default: "2006-01-02T15-04-05Z",
      emptyIsUnset: "text",
      help: "The name of a new snapshot, from the time in UTC. If the name is taken, `-2`, `-3` and so on is added.",
    }),
    prune: pruneTable,
  },
);

export const publishTable = table("The links through which clients see snapshots.", {
  staging: option(parsed(parseLinkName), {
    type: linkNameType,
    default: "staging",
    help: "The name of the link to the snapshot that is being tested.",
  }),
  production: option(parsed(parseLinkName), {
    type: linkNameType,
    default: "current",
    help: "The name of the link to the snapshot in production.",
  }),
  working: option(v.boolean(), {
    type: "true or false",
    defaultText: "`true` without snapshots, `false` with them",
    help: "Whether clients can read the last sync itself, as `<dir>/<id>/dists`, `pool` and so on. With snapshots, that is what nobody has promoted.",
  }),
  base_url: option(parsed(parseClientUrl), {
    type: upstreamUrlType,
    emptyIsUnset: "text",
    help: "The URL under which clients see `dir`. Commands of `[gates]` get the URL of staging from it.",
  }),
  grace: option(duration, {
    type: durationType,
    default: "24h",
    help: "How long files that left production stay available: indices by hash and packages are in the directory of the new snapshot, and the old snapshot is not pruned.",
  }),
});
