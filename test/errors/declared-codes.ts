/** Finds every error that the program declares, so that none can be without an example. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Node, parseSync, Visitor } from "oxc-parser";

const root = join(import.meta.dirname, "../..");

/** Returns area/CODE of each error that a class below src declares, sorted. Throws for a declaration that it cannot read. */
export function declaredCodes(): readonly string[] {
  const files = globSync("src/**/*.ts", { cwd: root }).filter(
    (path) => !/\.(?:test|fixture)\.ts$/.test(path),
  );
  const codes = files.flatMap((path) => codesIn(readFileSync(join(root, path), "utf8"), path));
  return [...new Set(codes)].toSorted();
}

export function codesIn(source: string, path: string): readonly string[] {
  if (!/extends \w*Error\b/.test(source)) return [];
  const { program } = parseSync(path, source);
  const unions = new Map<string, Node>();
  const codes: string[] = [];
  new Visitor({
    TSTypeAliasDeclaration: ({ id, typeAnnotation }) => void unions.set(id.name, typeAnnotation),
  }).visit(program);
  new Visitor({
    ClassDeclaration({ superClass, superTypeArguments, body, id }) {
      if (superClass?.type !== "Identifier" || superClass.name !== "MirrorctlError") return;
      const [type] = superTypeArguments?.params ?? [];
      if (type === undefined) throw new Error(`${path}: ${id?.name} names no codes`);
      const area = areaIn(body.body, path);
      codes.push(...literalsOf(type, unions, path).map((code) => `${area}/${code}`));
    },
  }).visit(program);
  return codes;
}

function areaIn(members: readonly Node[], path: string): string {
  for (const member of members) {
    if (member.type !== "PropertyDefinition" || member.key.type !== "Identifier") continue;
    if (member.key.name === "area" && member.value?.type === "Literal") return String(member.value.value);
  }
  throw new Error(`${path}: an error class without an area`);
}

/** Returns the strings of a union, which may be an alias of the same file. */
function literalsOf(type: Node, unions: ReadonlyMap<string, Node>, path: string): readonly string[] {
  if (type.type === "TSUnionType") return type.types.flatMap((each) => literalsOf(each, unions, path));
  if (type.type === "TSLiteralType" && type.literal.type === "Literal") return [String(type.literal.value)];
  const alias =
    type.type === "TSTypeReference" && type.typeName.type === "Identifier"
      ? unions.get(type.typeName.name)
      : undefined;
  if (alias === undefined) throw new Error(`${path}: the codes of an error are not a union of strings`);
  return literalsOf(alias, unions, path);
}
