import { match, ok } from "node:assert/strict";
import { ConfigError, parseConfig } from "../../../src/config/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted } from "./properties.ts";
import { configWords } from "./words.ts";

/** The configuration: a file by a person, who gets messages about its mistakes, line by line. */
export const config: FuzzTarget = {
  name: "config",
  dictionary: configWords,
  async check(input) {
    const text = Buffer.from(input).toString("utf8");
    try {
      const { dir, mirrors } = await parseConfig({
        text,
        path: "/etc/mirror.toml",
        env: {},
        homeDir: "/root",
      });
      match(dir, /^\//);
      for (const { id, urls } of mirrors) {
        match(id, /^[a-z0-9][a-z0-9_-]*$/);
        ok(urls.length > 0, "a mirror of nothing");
      }
      return accepted(mirrors.length);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      match(error.message, /^\/etc\/mirror\.toml/);
      return { kind: "refused", word: error.code };
    }
  },
};
