import { isAbout, webhookKeyOf, webhookSecretType } from "../news/index.ts";
import { type KeyPath, type Report, valueAt } from "./check.ts";
import { type NotifyType, notifyTable } from "./options/notify-options.ts";
import type { GivenNotify } from "./options/options.ts";

type Key = keyof GivenNotify;

/** The keys of each type, beside those of all types. A list of keys: one of them is needed. */
const keysOf: Readonly<Record<NotifyType, { needs: readonly (readonly Key[])[]; has: readonly Key[] }>> = {
  webhook: {
    needs: [
      ["url", "url_file"],
      ["secret", "secret_file"],
    ],
    has: ["ca_cert_file", "events"],
  },
  slack: { needs: [["url", "url_file"]], has: ["ca_cert_file", "events"] },
  ntfy: { needs: [["url", "url_file"]], has: ["secret", "secret_file", "ca_cert_file", "events"] },
  email: { needs: [["to"]], has: ["from", "command", "events"] },
  healthchecks: { needs: [["url", "url_file"]], has: ["ca_cert_file"] },
  command: { needs: [["command"]], has: ["events"] },
};

const ofAll: readonly Key[] = ["type", "mirrors", "time_limit"];

interface DraftNotify {
  readonly notify?: readonly Partial<GivenNotify>[] | undefined;
  readonly mirrors?: ReadonlyMap<string, unknown> | undefined;
}

/** Reports tables that lack a key of their type, have one of another, or can never tell anything. */
export function checkNotify({ notify = [], mirrors }: DraftNotify, given: unknown, report: Report): void {
  const ids = [...(mirrors?.keys() ?? [])];
  for (const [index, table] of notify.entries()) {
    const path = ["notify", index];
    if (table.type !== undefined) checkKeys(table.type, path, valueAt(given, path), report);
    checkPairs(table, path, report);
    checkSigningKey(table, path, report);
    for (const [at, glob] of (table.mirrors ?? []).entries()) {
      if (ids.length === 0 || ids.some((id) => isAbout([glob], id))) continue;
      const fault = `found ${JSON.stringify(glob)}, expected a mirror of this file: ${ids.join(", ")}`;
      report({ kind: "bad-value", path: [...path, "mirrors", at], fault });
    }
    if (table.events?.length === 0) {
      const fault = "found an empty list: nothing would be reported; leave the key out for everything";
      report({ kind: "bad-value", path: [...path, "events"], fault });
    }
  }
}

function checkKeys(type: NotifyType, path: KeyPath, given: unknown, report: Report): void {
  const { needs, has } = keysOf[type];
  const isGiven = (key: Key): boolean => valueAt(given, [key]) !== undefined;
  for (const keys of needs) {
    const [first] = keys;
    if (first === undefined || keys.some(isGiven)) continue;
    const expected = `${notifyTable.entries[first].type}, because type is ${JSON.stringify(type)}`;
    const elsewhere = keys.length === 1 ? "" : `, here or in the file of ${keys[1]}`;
    report({ kind: "missing-key", path: [...path, first], expected: `${expected}${elsewhere}` });
  }
  const known = [...ofAll, ...needs.flat(), ...has];
  for (const key of Object.keys(notifyTable.entries) as Key[]) {
    if (!isGiven(key) || known.includes(key)) continue;
    const fault = `${JSON.stringify(type)} does not use this key: it has ${known.join(", ")}`;
    report({ kind: "bad-value", path: [...path, key], fault });
  }
}

/** A text and a file of the same thing: nobody could say which one counts. */
function checkPairs(table: Partial<GivenNotify>, path: KeyPath, report: Report): void {
  for (const key of ["url", "secret"] as const) {
    if (table[key] === undefined || table[`${key}_file`] === undefined) continue;
    report({ kind: "bad-value", path: [...path, `${key}_file`], fault: `expected either this or ${key}` });
  }
}

function checkSigningKey({ type, secret }: Partial<GivenNotify>, path: KeyPath, report: Report): void {
  if (type !== "webhook" || secret === undefined || webhookKeyOf(secret) !== undefined) return;
  const fault = `expected ${webhookSecretType}; the value is not shown`;
  report({ kind: "bad-value", path: [...path, "secret"], fault });
}
