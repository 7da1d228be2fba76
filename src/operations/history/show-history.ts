import { type Config, ConfigError, findMirror } from "../../config/index.ts";
import {
  foldUnchanged,
  type HistoryAction,
  type HistoryEntry,
  type HistoryLine,
  type HistoryQuery,
  type HistoryReader,
  historyActions,
  linesOfFix,
  movesProduction,
  type NewerHistory,
} from "../../history/index.ts";

export interface HistoryRequest {
  /** May be a mirror that is no longer in the configuration. */
  readonly mirror: string | undefined;
  /** Names of actions; unset: all. Any other name is refused with ConfigError VALUE_INVALID. */
  readonly actions: readonly string[] | undefined;
  readonly since: Date | undefined;
  /** Only lines that say when the fix of this CVE reached staging or production. Any other name is refused. */
  readonly cve?: string | undefined;
  /** Only lines that moved production. */
  readonly productionOnly: boolean;
  readonly limit: number;
}

export interface ShownHistory {
  /** The newest, unfolded. */
  readonly entries: readonly HistoryEntry[];
  /** The newest, with entries that changed nothing folded. */
  readonly lines: readonly HistoryLine[];
  /** How many lines there are without the limit. */
  readonly total: number;
  /** Set if a newer mirrorctl wrote the history: the lines may say more than this one knows. */
  readonly newer: NewerHistory | undefined;
}

/** Returns the history, newest first. Takes no lock and writes nothing. */
export async function showHistory(
  { config, history }: { readonly config: Config; readonly history: HistoryReader },
  { mirror, actions, since, cve, productionOnly, limit }: HistoryRequest,
): Promise<ShownHistory> {
  const wanted = actions?.map(parseAction);
  const listed =
    cve === undefined
      ? await history.list({ mirror, actions: wanted, since })
      : await listFix(history, { mirror, actions: wanted, since, cve: parseCve(cve) });
  const entries = productionOnly ? listed.filter(movesProduction) : listed;
  if (mirror !== undefined && entries.length === 0) await assertKnown(config, history, mirror);
  const lines = foldUnchanged(entries);
  const newer = await history.newer();
  return { entries: entries.slice(0, limit), lines: lines.slice(0, limit), total: lines.length, newer };
}

/** A move is recognized by a comparison, which may be of another time than the lines that are asked for. */
async function listFix(
  history: HistoryReader,
  { mirror, actions, since, cve }: HistoryQuery & { readonly cve: string },
): Promise<readonly HistoryEntry[]> {
  const lines = linesOfFix(await history.list({ mirror }), cve);
  return lines.filter(
    ({ action, at }) =>
      (actions === undefined || actions.some((one) => one === action)) &&
      (since === undefined || at >= since),
  );
}

function parseCve(word: string): string {
  const cve = word.trim().toUpperCase();
  if (/^CVE-\d{4}-\d{4,}$/.test(cve)) return cve;
  throw new ConfigError(
    "VALUE_INVALID",
    `--cve: found ${JSON.stringify(word)}, expected such as CVE-2026-12345`,
    {
      facts: { found: word },
    },
  );
}

/** Rejects for a name that neither the configuration nor the history has. */
async function assertKnown(config: Config, history: HistoryReader, mirror: string): Promise<void> {
  if ((await history.list({ mirror, limit: 1 })).length === 0) findMirror(config, mirror);
}

function parseAction(word: string): HistoryAction {
  const action = historyActions.find((known) => known === word.trim());
  if (action !== undefined) return action;
  const expected = historyActions.join(", ");
  const message = `--action: found ${JSON.stringify(word)}, expected one of ${expected}`;
  throw new ConfigError("VALUE_INVALID", message, {
    facts: { found: word, expected },
    hint: "Separate several by commas: --action promote,rollback",
  });
}
