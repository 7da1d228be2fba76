import * as v from "valibot";
import { logFormats, logLevels } from "../../report/levels.ts";
import { absolutePathType, parseAbsolutePath } from "../values/paths.ts";
import { gatesTable } from "./gate-options.ts";
import { topWords } from "./known-words.ts";
import { mirrorTable, parseMirrorId } from "./mirror-options.ts";
import { notifyTable } from "./notify-options.ts";
import { type Given, option, parsed, table } from "./option.ts";
import { publishTable, snapshotTable } from "./snapshot-options.ts";
import { tlsTable } from "./tls-options.ts";

export const logTable = table("Messages of a run on stderr.", {
  level: option(v.picklist(logLevels), {
    type: '"debug", "info", "warn" or "error"',
    default: "info",
    env: "MIRRORCTL_LOG_LEVEL",
    emptyIsUnset: "text",
    help: "The least important messages that are shown.",
  }),
  format: option(v.picklist(logFormats), {
    type: '"text", "plain" or "json"',
    default: "text",
    env: "MIRRORCTL_LOG_FORMAT",
    emptyIsUnset: "text",
    help: "`text` has colour and progress bars on a terminal, `plain` never has, `json` is one object a line.",
  }),
});

const metricsTable = table("Metrics for Prometheus, as `mirrorctl metrics` prints them.", {
  textfile: option(parsed(parseAbsolutePath), {
    type: absolutePathType,
    names: "metrics",
    emptyIsUnset: "text",
    help: "A file that each command which changes something replaces, for the textfile collector of node-exporter. Its name must end in `.prom`, and the user that runs mirrorctl must be able to write in its directory.",
  }),
});

const entries = {
  dir: option(parsed(parseAbsolutePath), {
    type: absolutePathType,
    required: true,
    names: "directory",
    env: "MIRRORCTL_DIR",
    help: "The base directory, which the web server serves. It has one directory for each mirror.",
  }),
  max_conns: option(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), {
    type: "a whole number of at least 1",
    default: 10,
    env: "MIRRORCTL_MAX_CONNS",
    help: "Connections to one upstream at a time.",
    advise: (value) =>
      value === 0
        ? "there is no number for unlimited; leave the key out for 10, or write the most that the upstream allows"
        : undefined,
  }),
  log: logTable,
  tls: tlsTable,
  snapshot: snapshotTable,
  publish: publishTable,
  metrics: metricsTable,
  gates: gatesTable,
  mirrors: { kind: "named-tables", parseName: parseMirrorId, table: mirrorTable },
  notify: { kind: "table-list", table: notifyTable },
} as const;

/**
 * Declares every key of the configuration file. Types, checks, environment variables, defaults and
 * docs/configuration.md come from here.
 */
export const configTable = table("The whole file.", entries, topWords);

export type GivenConfig = Given<typeof configTable>;
export type GivenMirror = Given<typeof mirrorTable>;
export type GivenNotify = Given<typeof notifyTable>;
