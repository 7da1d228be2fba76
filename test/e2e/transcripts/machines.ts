/** The machines of the pages: a mirror host whose clock the page sets, a web server, and real apt clients. */
import { writeFileSync } from "node:fs";
import {
  type AptClient,
  createAptClient,
  createWorkspace,
  runProgram,
  startNginx,
} from "../../support/index.ts";
import { runCommand } from "../../support/run-command.ts";
import { scenes } from "./scenes.ts";
import type { Stage } from "./transcript.ts";

export interface Machines extends Stage, AsyncDisposable {}

interface Outcome {
  readonly command: string;
  readonly status: number;
  readonly output: string;
}

export async function startMachines(): Promise<Machines> {
  await using resources = new AsyncDisposableStack();
  const workspace = resources.use(await createWorkspace({}));
  const web = resources.use(await startNginx({ root: workspace.dir }));
  const names = new Map([
    ["/var/lib/mirrorctl/snapshots", workspace.join("snapshots")],
    ["/var/www/apt", workspace.dir],
    ["/etc/mirrorctl/mirror.toml", workspace.configFile],
    ["http://apt.example.org", web.url],
    ["871920D1991BC93C", workspace.key.keyId],
  ]);
  const replaced = (text: string, of: (name: string, found: string) => readonly [string, string]): string =>
    [...names].reduce((result, [name, found]) => result.replaceAll(...of(name, found)), text);
  const real = (text: string): string => replaced(text, (name, found) => [name, found]);
  const documented = (text: string): string => replaced(text, (name, found) => [found, name]);
  const clients = new Map<string, AptClient>();
  let now = new Date();
  let last: Outcome = { command: "", status: 0, output: "" };

  const directions: Readonly<Record<string, (value: string, block: string) => unknown>> = {
    clock: (value) => {
      now = new Date(value);
    },
    upstream: async (value) => {
      const scene = scenes[value];
      if (scene === undefined) throw new Error(`there is no scene ${value}`);
      scene(workspace.upstream);
      await workspace.upstream.publish({ date: new Date(now.getTime() - 3_600_000) });
    },
    file: (path, block) => {
      names.set(/^url = "(.*?)\/?"$/m.exec(block)?.[1] ?? "no url", workspace.server.url);
      names.set(/^pgp_key_path = "(.*)"$/m.exec(block)?.[1] ?? "no key", workspace.keyFile);
      writeFileSync(real(path), real(block));
    },
    sources: async (name, block) => {
      const signedBy = /\[(?:.* )?signed-by=(\S+?)\]/.exec(block)?.[1] ?? "no key";
      const sources = real(block.replace(signedBy, workspace.keyFile));
      clients.set(name, await createAptClient({ dir: workspace.join(name), sources }));
    },
  };

  /** A command that fails is followed by `echo $?`. */
  async function run(machine: string | undefined, command: string): Promise<Outcome> {
    if (command === "echo $?") return { command, status: 0, output: `${last.status}\n` };
    if (last.status !== 0) throw new Error(`"${last.command}" ended with ${last.status}: ${last.output}`);
    if (machine !== undefined) return onClient(machine, command);
    if (command.startsWith("mirrorctl ")) return mirrorctl(command);
    const { exitCode, output } = await runProgram("bash", ["-c", real(command)]);
    return { command, status: exitCode, output };
  }

  async function mirrorctl(command: string): Promise<Outcome> {
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
    const { status } = await runCommand(wordsOf(command).slice(1), {
      ...host,
      stdout: terminal,
      stderr: terminal,
    });
    return { command, status, output };
  }

  async function onClient(name: string, command: string): Promise<Outcome> {
    const client = clients.get(name);
    if (client === undefined) throw new Error(`the page has no sources of ${name}`);
    const [, forgetsLists, apt = ""] =
      /^(rm -r \/var\/lib\/apt\/lists\/\* && )?(apt-.*)$/.exec(command) ?? [];
    if (forgetsLists !== undefined) await client.forgetLists();
    const [program, ...args] = wordsOf(apt);
    const { exitCode, output } = await (program === "apt-cache" ? client.cache(args) : client.run(args));
    return { command, status: exitCode, output };
  }

  const owned = resources.move();
  return {
    run: async (machine, command) => {
      last = await run(machine, command);
      return documented(last.output);
    },
    direct: async (name, value, block = "") => void (await directions[name]?.(value, block)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Returns the words of a command, without a comment at its end. */
const wordsOf = (command: string): readonly string[] =>
  [...command.replace(/ +# .*$/, "").matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );
