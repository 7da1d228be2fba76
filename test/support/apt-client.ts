import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AptKind, aptCommand } from "./apt-kinds.ts";
import { findProgram, runProgram, systemPath } from "./run-program.ts";

export interface AptClientOptions {
  /** Default: the apt of this machine. */
  readonly kind?: AptKind;
  /** The client's private directory; everything that apt reads or writes is below it. */
  readonly dir: string;
  /** One-line entries, or deb822 text. */
  readonly sources: string;
  /** name -> content of files for trusted.gpg.d; apt wants armored keys in `.asc`, binary ones in `.gpg`. */
  readonly keyrings?: Readonly<Record<string, string | Uint8Array>>;
  /** Default: amd64. */
  readonly architecture?: string;
  /** Further architectures that the client accepts. */
  readonly foreignArchitectures?: readonly string[];
  /** Default: en. */
  readonly languages?: readonly string[];
  /** Further lines of apt.conf. */
  readonly extraConf?: string;
}

export interface AptResult {
  readonly exitCode: number;
  readonly output: string;
  /**
   * The lines that begin with W, E, Ign or Err. If there are none, all went well; exit status 0 alone does not say
   * that.
   */
  readonly complaints: readonly string[];
}

/** Makes a real apt client that does not use this machine's apt configuration. */
export interface AptClient {
  /** Runs `apt-get` with these arguments. */
  run(args: readonly string[], cwd?: string): Promise<AptResult>;
  update(): Promise<AptResult>;
  /** Runs `apt-get download` in `cwd`. */
  download(names: readonly string[], cwd: string): Promise<AptResult>;
  /** Runs `apt-get source --download-only` in `cwd`. */
  downloadSource(names: readonly string[], cwd: string): Promise<AptResult>;
  simulateInstall(names: readonly string[]): Promise<AptResult>;
  /** Runs `apt-cache` with these arguments. */
  cache(args: readonly string[]): Promise<AptResult>;
  /** Returns the output of `apt-cache policy`. */
  policy(name: string): Promise<string>;
  /** Resets the client to one that has never run `update`. */
  forgetLists(): Promise<void>;
}

export const aptAvailable = (): boolean => findProgram("apt-get") !== undefined;

export async function createAptClient(options: AptClientOptions): Promise<AptClient> {
  const { dir, kind = "host" } = options;
  const lists = join(dir, "state/lists");
  const makeLists = () => mkdir(join(lists, "partial"), { recursive: true });
  await makeLists();
  await writeConfiguration(options);

  const runTool = async (tool: string, args: readonly string[], cwd = dir): Promise<AptResult> => {
    // APT_CONFIG, because `-o Dir::Etc::parts=` comes after the host's apt.conf.d was read.
    const env = { PATH: systemPath, HOME: dir, LC_ALL: "C", APT_CONFIG: join(dir, "apt.conf") };
    const [program = tool, ...rest] = aptCommand(kind, [tool, ...args], cwd);
    const { exitCode, output } = await runProgram(program, rest, { cwd, env });
    return { exitCode, output, complaints: output.match(/^(?:W|E|Ign|Err):.*$/gm) ?? [] };
  };
  const run = (args: readonly string[], cwd?: string) => runTool("apt-get", args, cwd);
  return {
    run,
    update: () => run(["update"]),
    download: (names, cwd) => run(["download", ...names], cwd),
    downloadSource: (names, cwd) => run(["source", "--download-only", ...names], cwd),
    simulateInstall: (names) => run(["-s", "install", ...names]),
    cache: (args) => runTool("apt-cache", args),
    policy: async (name) => (await runTool("apt-cache", ["policy", name])).output,
    forgetLists: async () => {
      await rm(lists, { recursive: true });
      await makeLists();
    },
  };
}

async function writeConfiguration(options: AptClientOptions): Promise<void> {
  const { dir, sources } = options;
  const parts = ["apt.conf.d", "sources.list.d", "preferences.d", "trusted.gpg.d"];
  const directories = [...parts.map((part) => `etc/${part}`), "cache/archives/partial", "log"];
  for (const directory of directories) await mkdir(join(dir, directory), { recursive: true });
  await writeFile(join(dir, "state/status"), "");
  await writeFile(join(dir, "apt.conf"), aptConf(options));
  const sourcesFile = /^Types:/im.test(sources) ? "sources.list.d/test.sources" : "sources.list";
  await writeFile(join(dir, "etc", sourcesFile), sources.endsWith("\n") ? sources : `${sources}\n`);
  for (const [name, content] of Object.entries(options.keyrings ?? {})) {
    await writeFile(join(dir, "etc/trusted.gpg.d", name), content);
  }
}

const list = (values: readonly string[]): string => `{ ${values.map((value) => `"${value}";`).join(" ")} }`;

function aptConf(options: AptClientOptions): string {
  const { dir, architecture = "amd64", foreignArchitectures = [], languages = ["en"] } = options;
  return `Dir::Etc "${dir}/etc";
Dir::State "${dir}/state";
Dir::State::lists "${dir}/state/lists";
Dir::State::status "${dir}/state/status";
Dir::Cache "${dir}/cache";
Dir::Log "${dir}/log";
Dir::Bin::dpkg "/bin/true";
APT::Architecture "${architecture}";
APT::Architectures ${list([architecture, ...foreignArchitectures])};
APT::Sandbox::User "root";
Acquire::Languages ${list(languages)};
Acquire::http::Proxy "DIRECT";
Acquire::Retries "0";
${options.extraConf ?? ""}
`;
}
