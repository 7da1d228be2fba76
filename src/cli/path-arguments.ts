import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/** Returns the path of a directory. An empty text is a variable of a shell that is not set: it must not mean this directory. */
export function parseDirectory(text: string): string {
  if (text !== "") return resolve(text);
  throw new InvalidArgumentError("expected a directory.");
}

/** Returns the path of a file as it was typed. */
export function parseFile(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("expected a file.");
}

/** The same for one of several directories. */
export const addDirectory = (text: string, others: readonly string[] = []): readonly string[] => [
  ...others,
  parseDirectory(text),
];
