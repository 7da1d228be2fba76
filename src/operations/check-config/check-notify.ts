import type { ChannelConfig, Config, ConfigInspection, Problem, Secret } from "../../config/index.ts";
import { webhookKeyOf, webhookSecretType } from "../../news/index.ts";
import { NotifyError } from "../../notify/index.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import type { Programs } from "../../platform/machine/programs.ts";
import type { ConfigRemark } from "../../report/words/config-remarks.ts";
import { readSecret } from "../notify/index.ts";

/** Finds [[notify]] tables that can never send anything, by what is on this machine. */
export function checkNotify(
  { notify }: Config,
  files: InvokerFiles,
  programs: Pick<Programs, "find"> | undefined,
): readonly Problem[] {
  return notify.flatMap(({ channel }, index) => [
    ...checkFiles(channel, index, files),
    ...checkProgram(channel, index, programs),
  ]);
}

const problemAt = (index: number, key: string, fault: string): Problem => ({
  kind: "bad-value",
  path: ["notify", index, key],
  fault,
});

function checkFiles(channel: ChannelConfig, index: number, files: InvokerFiles): readonly Problem[] {
  const problems: Problem[] = [];
  const check = (key: string, secret: Secret, expected: string, isFit: (text: string) => boolean): void => {
    if (!("file" in secret)) return; // a text in the configuration is checked there
    const text = secretIfAny(files, secret.file);
    if (text === undefined || isFit(text)) return;
    problems.push(problemAt(index, key, `${secret.file} has something else than ${expected}`));
  };
  if ("url" in channel) check("url_file", channel.url, "an http or https URL", isWebUrl);
  if (channel.type === "webhook")
    check("secret_file", channel.secret, webhookSecretType, (text) => webhookKeyOf(text) !== undefined);
  return problems;
}

const isWebUrl = (text: string): boolean => /^https?:/i.test(text) && URL.canParse(text);

/** A file that cannot be used as a secret at all is reported with the other named files. */
function secretIfAny(files: InvokerFiles, path: string): string | undefined {
  try {
    return readSecret(files, path);
  } catch (error) {
    if (!(error instanceof NotifyError)) throw error;
    return undefined;
  }
}

function checkProgram(
  channel: ChannelConfig,
  index: number,
  programs: Pick<Programs, "find"> | undefined,
): readonly Problem[] {
  if (!("command" in channel) || programs === undefined) return [];
  const [program] = channel.command;
  if (programs.find(program) !== undefined) return [];
  const fault = `${program} cannot be found or run as a program`;
  const hint =
    channel.type === "email" ? ": install a mail server such as postfix or msmtp-mta, or name another" : "";
  return [problemAt(index, "command", `${fault}${hint}`)];
}

/** Finds files with secrets that everybody on this machine may read: of the configuration, or those that it names. */
export async function remarksOnSecrets(
  { notify }: Config,
  inspection: ConfigInspection,
  files: InvokerFiles,
): Promise<readonly ConfigRemark[]> {
  const inline = notify.flatMap((_, index) =>
    ["url", "secret"].map((key) => ["notify", index, key]).filter(inspection.isGiven),
  );
  // As if they were problems: that finds the file of each.
  const placed = await inspection.place(inline.map((path) => ({ kind: "bad-value", path, fault: "" })));
  const named = notify.flatMap(({ channel }) => secretsOf(channel));
  const paths = [
    ...placed.flatMap(({ file }) => file ?? []),
    ...named.flatMap((secret) => ("file" in secret ? [secret.file] : [])),
  ];
  return [...new Set(paths)]
    .filter((path) => ((files.mode(path) ?? 0) & 0o004) !== 0)
    .map((path) => ({ kind: "secrets-exposed", path }));
}

const secretsOf = (channel: ChannelConfig): readonly Secret[] => [
  ...("url" in channel ? [channel.url] : []),
  ...(channel.type === "webhook" ? [channel.secret] : []),
  ...(channel.type === "ntfy" && channel.token !== undefined ? [channel.token] : []),
];
