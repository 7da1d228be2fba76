import type { TomlError } from "smol-toml";
import { ConfigError, maskCredentials } from "../errors.ts";

/** Makes the error for a text that is not TOML. It shows the lines in question, without credentials. */
export function tomlMalformed(
  error: TomlError,
  { path, text }: { readonly path: string; readonly text: string },
): ConfigError {
  const reason = error.message.split("\n", 1)[0]?.replace("Invalid TOML document: ", "") ?? "";
  const { line, column } = error;
  const shown = maskCredentials(maskNotify(error.codeblock, text)).trimEnd();
  return new ConfigError("TOML_MALFORMED", `${path}:${line}:${column}: not valid TOML: ${reason}\n${shown}`, {
    facts: { path, line, column },
    hint: "Correct the file at that line: https://toml.io describes the format, docs/configuration.md the keys.",
  });
}

/** In [[notify]], any value may be a secret or a part of one. As many asterisks replace it, so that the caret fits. */
function maskNotify(codeblock: string, text: string): string {
  const isNotify = notifyLinesOf(text);
  return codeblock
    .split("\n")
    .map((shown) => {
      const [, number = "", line = ""] = /^(\s*\d+\s*:)(.*)$/.exec(shown) ?? [];
      if (number === "" || !isNotify(Number.parseInt(number, 10))) return shown;
      const start = line.indexOf("=") + 1;
      return number + line.slice(0, start) + line.slice(start).replaceAll(/\S/g, "*");
    })
    .join("\n");
}

/** Returns whether a line, counted from 1, belongs to such a table. The text need not be TOML. */
function notifyLinesOf(text: string): (line: number) => boolean {
  const lines = text.split("\n");
  return (line) => {
    const header = lines.slice(0, line).findLast((one) => /^\s*\[/.test(one));
    return header !== undefined && /^\s*\[+\s*["']?notify\b/.test(header);
  };
}
