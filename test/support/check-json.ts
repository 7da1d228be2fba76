import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const schemas = join(import.meta.dirname, "../../docs/schemas");
const ajv = new Ajv2020({ allErrors: true, strict: false });
ajv.addFormat("date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/);
const validators = new Map<string, ValidateFunction>();

/** Throws unless the output of a command line with --json is as docs/schemas says, without any other field. */
export function checkJson(args: readonly string[], stdout: string): void {
  if (!args.includes("--json") || stdout === "" || args.includes("--help")) return;
  assertJson(answerOf(args), JSON.parse(stdout));
}

/** Throws unless a value is as docs/schemas/<name>.schema.json says, without any other field. */
export function assertJson(name: string, value: unknown): void {
  const validate = validators.get(name) ?? validatorOf(name);
  validators.set(name, validate);
  if (validate(value)) return;
  const errors = (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ""}`);
  throw new Error(
    `the JSON of ${name} differs from docs/schemas:\n${errors.join("\n")}\n${JSON.stringify(value)}`,
  );
}

/** Commands that only group others. */
const groups: readonly string[] = ["snapshot", "check", "key"];

function answerOf(args: readonly string[]): string {
  const start = args.findIndex((arg) =>
    /^(?:sync|status|history|version|init|client-config|check|import|export|snapshot|key)$/.test(arg),
  );
  const [command = "", verb = ""] = args.slice(start).filter((arg) => !arg.startsWith("-"));
  const name = groups.includes(command) ? `${command}-${verb}` : command;
  const isOther = args.includes("--dry-run") && (name === "sync" || name === "snapshot-promote");
  return isOther ? `${name}-dry-run` : name;
}

function validatorOf(name: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), "utf8")) as object;
  return ajv.compile(name === "log" ? schema : (closed(schema) as object));
}

/** The schemas allow fields of later versions. Here, every field must be declared, except the facts of a log line. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const isObject = "properties" in schema && !("additionalProperties" in schema);
  return Object.fromEntries(isObject ? [...entries, ["additionalProperties", false]] : entries);
}
