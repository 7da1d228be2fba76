import { dirname, join } from "node:path";
import { ConfigError, type ConfigFile, inspectConfig, type MirrorDraft } from "../../config/index.ts";

/** A configuration that mirrors are added to. */
export type ExistingConfig = ConfigFile & { readonly parts: readonly ConfigFile[] };

/** Everybody may read the configuration, and credentials have a file of their own. */
export function assertNoPasswords(mirrors: readonly MirrorDraft[], config: string): void {
  for (const { id, values } of mirrors) {
    const urls = [values.url ?? []].flat().filter((url) => typeof url === "string" && URL.canParse(url));
    const secret = urls
      .map((url) => new URL(String(url)))
      .find(({ username, password }) => username + password !== "");
    if (secret !== undefined)
      throw new ConfigError(
        "VALUE_INVALID",
        `the URL of ${id} has a user or a password, and everybody may read the configuration`,
        {
          hint: `Leave them out there, and write into ${join(dirname(config), "auth.conf")}, with mode 600:\nmachine ${secret.host} login USER password PASSWORD`,
        },
      );
  }
}

/** Everything that flags and sources say is checked as a configuration is, together with the files that exist. */
export async function assertValid(
  file: ConfigFile,
  existing: ExistingConfig | undefined,
  homeDir: string,
): Promise<void> {
  const files = existing === undefined ? file : { ...existing, parts: [...existing.parts, file] };
  const { problems, place } = inspectConfig({ ...files, env: {}, homeDir });
  if (problems.length === 0) return;
  const messages = (await place(problems)).map(({ message }) => message);
  throw new ConfigError(
    "CONFIG_INVALID",
    ["there would be no valid configuration:", ...messages].join("\n"),
    {
      facts: { path: file.path, count: problems.length },
      hint: "Nothing was written.",
    },
  );
}
