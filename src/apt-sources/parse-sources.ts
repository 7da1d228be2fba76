import { quote } from "../repository/index.ts";
import { EntryError } from "./build-entry.ts";
import { parseSourceLine } from "./one-line.ts";
import type { SourceEntry, SourceProblem } from "./source-entry.ts";
import { LineError, parseSourceStanza, splitStanzas } from "./stanzas.ts";

/** The entries of a file, and what of it cannot be read. */
export interface ParsedSources {
  readonly entries: readonly SourceEntry[];
  readonly problems: readonly SourceProblem[];
}

/** "lines" as in sources.list, "stanzas" as in a .sources file. */
export type SourcesForm = "lines" | "stanzas";

/** Reads a file of either form of sources.list(5), or one line or stanza of it. */
export function parseSources(text: string, form: SourcesForm = formOf(text)): ParsedSources {
  const lines = text.split(/\r?\n/);
  const parts =
    form === "stanzas"
      ? splitStanzas(lines).map((stanza) => ({
          line: stanza[0]?.line ?? 1,
          text: stanza.map((part) => part.text).join("\n"),
          parse: () => parseSourceStanza(stanza),
        }))
      : lines.map((line, index) => ({
          line: index + 1,
          text: line,
          parse: () => parseSourceLine(line, index + 1),
        }));
  const entries: SourceEntry[] = [];
  const problems: SourceProblem[] = [];
  for (const part of parts) {
    try {
      assertNoShell(part.text);
      const entry = part.parse();
      if (entry !== undefined) entries.push(entry);
    } catch (error) {
      if (!(error instanceof EntryError)) throw error;
      problems.push({ line: error instanceof LineError ? error.line : part.line, problem: error.message });
    }
  }
  return { entries, problems };
}

/** Tells the forms apart by the first line without a comment: only a field of a stanza begins with a name and a colon. */
function formOf(text: string): SourcesForm {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  return first !== undefined && /^\s*[A-Za-z][\w-]*\s*:/.test(first) ? "stanzas" : "lines";
}

/** Vendors publish lines for `echo "deb ..." | tee`, in which a shell replaces such words. apt knows $(ARCH) alone. */
function assertNoShell(text: string): void {
  if (text.trimStart().startsWith("#")) return;
  const [word] = /\$\((?!ARCH\))[^)\n]*\)?|\$\{[^}\n]*\}?|\$[A-Za-z_]+|`[^`\n]*`?/.exec(text) ?? [];
  if (word !== undefined)
    throw new EntryError(`${quote(word)} is for a shell: write what the shell would put there`);
}
