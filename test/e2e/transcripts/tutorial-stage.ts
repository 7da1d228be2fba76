/** The machines of docs/tutorial.md: a mirror host whose clock the page sets, a web server, and real apt clients. */
import { writeFileSync } from "node:fs";
import {
  type AptClient,
  createAptClient,
  createWorkspace,
  runProgram,
  startNginx,
} from "../../support/index.ts";
import { runCommand } from "../../support/run-command.ts";
import { scenes } from "./sample-archive.ts";
import type { Stage } from "./transcript.ts";

export interface TutorialStage extends Stage, AsyncDisposable {}

export async function createTutorialStage(): Promise<TutorialStage> {
  await using resources = new AsyncDisposableStack();
  const workspace = resources.use(await createWorkspace({}));
  const web = resources.use(await startNginx({ root: workspace.dir }));
  const realNames: readonly (readonly [string, string])[] = [
    ["/var/lib/mirrorctl/snapshots", workspace.join("snapshots")],
    ["/var/www/apt", workspace.dir],
    ["/etc/mirrorctl/mirror.toml", workspace.configFile],
    ["/usr/share/keyrings/ubuntu-archive-keyring.gpg", workspace.keyFile],
    ["https://archive.ubuntu.com/ubuntu/", `${workspace.server.url}/`],
    ["http://apt.example.org", web.url],
    ["871920D1991BC93C", workspace.key.keyId],
  ];
  const real = (text: string): string =>
    realNames.reduce((result, [name, found]) => result.replaceAll(name, found), text);
  const documented = (text: string): string =>
    realNames.reduce((result, [name, found]) => result.replaceAll(found, name), text);
  const machines = new Map<string, AptClient>();
  let now = new Date();
  let last = { command: "", status: 0, output: "" };

  const directions: Readonly<Record<string, (value: string, block: string) => unknown>> = {
    clock: (value) => {
      now = new Date(value);
    },
    upstream: async (value) => {
      await scenes[value]?.(workspace.upstream);
      await workspace.upstream.publish({ date: new Date(now.getTime() - 3_600_000) });
    },
    file: (path, block) => writeFileSync(real(path), real(block)),
    sources: async (name, block) => {
      machines.set(name, await createAptClient({ dir: workspace.join(name), sources: real(block) }));
    },
  };

  /** A command that fails is followed by `echo $?`. */
  async function onHost(command: string): Promise<string> {
    if (command === "echo $?") {
      const shown = `${last.status}\n`;
      last = { command, status: 0, output: shown };
      return shown;
    }
    if (last.status !== 0) throw new Error(`"${last.command}" ended with ${last.status}: ${last.output}`);
    const [program, ...args] = wordsOf(command);
    const { status, output } = await (program === "mirrorctl" ? mirrorctl(args) : shell(command));
    last = { command, status, output };
    return output;
  }

  async function shell(command: string): Promise<Omit<typeof last, "command">> {
    const { exitCode, output } = await runProgram("bash", ["-c", real(command)]);
    return { status: exitCode, output };
  }

  async function mirrorctl(args: readonly string[]): Promise<Omit<typeof last, "command">> {
    let output = "";
    const terminal = {
      isTerminal: false,
      columns: 100,
      write: (text: string) => {
        output += text;
      },
    };
    const env = { MIRRORCTL_CONFIG: workspace.configFile };
    const host = { env, homeDir: workspace.path, who: "alice", now: () => now };
    const { status } = await runCommand(args, { ...host, stdout: terminal, stderr: terminal });
    return { status, output };
  }

  async function onMachine(name: string, command: string): Promise<string> {
    const machine = machines.get(name);
    if (machine === undefined) throw new Error(`the page has no sources of ${name}`);
    const [, forgetsLists, apt = ""] =
      /^(rm -r \/var\/lib\/apt\/lists\/\* && )?(apt-.*)$/.exec(command) ?? [];
    if (forgetsLists !== undefined) await machine.forgetLists();
    const [program, ...args] = wordsOf(apt);
    const { exitCode, output, complaints } = await (program === "apt-cache"
      ? machine.cache(args)
      : machine.run(args));
    if (exitCode !== 0 || complaints.length > 0) throw new Error(`${name}: ${command}: ${output}`);
    return output;
  }

  const owned = resources.move();
  return {
    run: async (machine, command) =>
      documented(await (machine === undefined ? onHost(command) : onMachine(machine, command))),
    direct: async (name, value, block = "") => void (await directions[name]?.(value, block)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Returns the words of a command, without a comment at its end. */
const wordsOf = (command: string): readonly string[] =>
  [...command.replace(/ +# .*$/, "").matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
