import { type AST, ParseError, parseTOML } from "toml-eslint-parser";
import type { KeyPath } from "../check.ts";

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The positions of a key and of its value; lines and columns count from 1. */
export interface Place {
  readonly key: Position;
  readonly value: Position;
}

/** Returns a function that finds a key of the text. It returns undefined for a missing key. */
export function locateKeys(text: string): (path: KeyPath) => Place | undefined {
  const places = new Map<string, Place>();
  for (const node of parseLeniently(text)) {
    if (node.type === "TOMLKeyValue") {
      recordKeyValue(node, [], places);
    } else {
      // In a header, the index of an array of tables belongs to the key before it.
      recordKeys(node.key, node.resolvedKey, places);
      for (const member of node.body) recordKeyValue(member, node.resolvedKey, places);
    }
  }
  return (path) => places.get(JSON.stringify(path));
}

type TopLevelNode = AST.TOMLKeyValue | AST.TOMLTable;

/** Returns no nodes for a text that cannot be parsed: messages then have names without positions. */
function parseLeniently(text: string): readonly TopLevelNode[] {
  try {
    return parseTOML(text, { tomlVersion: "1.1" }).body[0].body;
  } catch (error) {
    if (error instanceof ParseError) return [];
    throw error;
  }
}

function recordKeyValue(node: AST.TOMLKeyValue, base: KeyPath, places: Map<string, Place>): void {
  const path = [...base, ...node.key.keys.map(nameOf)];
  recordKeys(node.key, path, places, base.length);
  recordValue(node.value, path, places);
}

function recordKeys(key: AST.TOMLKey, path: KeyPath, places: Map<string, Place>, from = 0): void {
  const names = [...key.keys];
  let position = startOf(key);
  for (let end = from + 1; end <= path.length; end++) {
    const name = typeof path[end - 1] === "string" ? names.shift() : undefined;
    if (name !== undefined) position = startOf(name);
    const id = JSON.stringify(path.slice(0, end));
    // Prefer the position where a key is written out to one where a longer key implies it.
    if (end === path.length || !places.has(id)) places.set(id, { key: position, value: position });
  }
}

function recordValue(node: AST.TOMLContentNode, path: KeyPath, places: Map<string, Place>): void {
  const value = startOf(node);
  places.set(JSON.stringify(path), { key: places.get(JSON.stringify(path))?.key ?? value, value });
  if (node.type === "TOMLArray") {
    for (const [index, item] of node.elements.entries()) recordValue(item, [...path, index], places);
  } else if (node.type === "TOMLInlineTable") {
    for (const member of node.body) recordKeyValue(member, path, places);
  }
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === "TOMLBare" ? key.name : key.value;
}

function startOf(node: { readonly loc: AST.SourceLocation }): Position {
  return { line: node.loc.start.line, column: node.loc.start.column + 1 };
}
