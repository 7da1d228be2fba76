import type { KeyFileOutcome } from "../../operations/keys/index.ts";
import { escapeControls } from "../../report/terminal/escape-controls.ts";
import { countOf, formatSpan } from "../../report/units.ts";
import type { DescribedCertificate, DescribedKey, DescribedUserId } from "../../trust/index.ts";

type ReadKeys = Extract<KeyFileOutcome, { kind: "read" }>;

/** The keys of one file, each in a few lines. */
export function keyFileText({ path, keys }: ReadKeys, now: Date): string {
  const blocks = keys.map((key) => `${certificateLines(key, now).join("\n")}\n`);
  return `${escapeControls(path)}: ${countOf(keys.length, "key")}\n\n${blocks.join("\n")}`;
}

function certificateLines({ primary, userIds, subkeys }: DescribedCertificate, now: Date): readonly string[] {
  return [
    primary.fingerprint,
    ...userIds.map((userId) => labelled("user ID", userIdText(userId))),
    labelled("key", keyText(primary, now)),
    ...subkeys.flatMap((subkey) => [
      labelled("subkey", subkey.fingerprint),
      labelled("", keyText(subkey, now)),
    ]),
  ];
}

const labelled = (label: string, text: string): string => `  ${label.padEnd(9)}${text}`;

const userIdNotes = {
  certified: "",
  revoked: " (revoked)",
  uncertified: " (not certified by this key: anyone may have added it)",
} as const satisfies Record<DescribedUserId["state"], string>;

const userIdText = ({ text, state }: DescribedUserId): string =>
  `${escapeControls(text).replaceAll("\t", "\\u0009")}${userIdNotes[state]}`;

function keyText(key: DescribedKey, now: Date): string {
  const parts = [key.algorithm, `created ${day(key.createdAt)}`, expiryText(key, now), useText(key, now)];
  const text = parts.filter((part) => part !== "").join(", ");
  return key.boundBySha1
    ? `${text}; its self-signatures use SHA-1, which Debian 13 refuses since 2026-02-01`
    : text;
}

function expiryText({ expiresAt, revoked }: DescribedKey, now: Date): string {
  if (revoked) return "revoked";
  if (expiresAt === undefined) return "never expires";
  const leftMs = expiresAt.getTime() - now.getTime();
  return leftMs <= 0
    ? `expired ${day(expiresAt)}`
    : `expires ${day(expiresAt)} (in ${formatSpan(leftMs).split(" ")[0]})`;
}

/** A key that was revoked or has expired says so already. */
function useText({ canSign, problem, revoked, expiresAt }: DescribedKey, now: Date): string {
  if (canSign) return "can sign";
  const isSaid = revoked || (expiresAt !== undefined && expiresAt <= now);
  return isSaid || problem === undefined ? "cannot sign" : `cannot sign: it ${problem}`;
}

const day = (time: Date): string => time.toISOString().slice(0, 10);
