import type { Config } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { parseConfig } from "./inspect.ts";

type Env = Readonly<Record<string, string>>;

/** Loads a text as /etc/mirrorctl/mirror.toml. */
export function load(text: string, env: Env = {}): Promise<Config> {
  return parseConfig({ text, path: "/etc/mirrorctl/mirror.toml", env, homeDir: "/home/admin" });
}

/** Loads a text that must be refused. Returns the error. */
export async function errorOf(text: string, env: Env = {}): Promise<ConfigError> {
  const outcome = await load(text, env).catch((error: unknown) => error);
  if (outcome instanceof ConfigError) return outcome;
  throw new Error("expected a ConfigError", { cause: outcome });
}

/** Returns the lines of the message, without the name of the file. */
export async function problemsOf(text: string, env: Env = {}): Promise<string[]> {
  const { message } = await errorOf(text, env);
  return message.split("\n").map((line) => line.replace("/etc/mirrorctl/mirror.toml:", ""));
}

/** Returns a file with one complete mirror called "m". `added` goes into that mirror's table or below it. */
export const withMirror = (added = ""): string => `dir = "/srv/apt"
[mirrors.m]
url = "http://example.org/debian"
suites = ["stable"]
sections = ["main"]
architectures = ["amd64"]
${added}`;
