/** A file system whose power can be cut: what was not flushed is lost when it is mounted again. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { runProgram } from "../../support/index.ts";
import { until } from "../until.ts";

export type FileSystem = "ext4" | "xfs";

/** Waits for a line, then calls FS_IOC_SHUTDOWN with "no log flush", as xfstests do: nothing reaches the disk any more. */
const cutter = `
  open(my $top, "<", $ARGV[0]) or die "$ARGV[0]: $!";
  my $how = pack("L", 2);
  $| = 1; print "ready\\n"; <STDIN>;
  ioctl($top, 0x8004587d, $how) or die "FS_IOC_SHUTDOWN: $!";
`;

export class PowerCutDisk implements AsyncDisposable {
  readonly #image: string;
  readonly #top: string;

  private constructor(image: string, top: string) {
    this.#image = image;
    this.#top = top;
  }

  /** Mounts one at `top`. Returns the reason if that is not possible. */
  static async mount(
    fileSystem: FileSystem,
    { image, top }: { readonly image: string; readonly top: string },
  ): Promise<PowerCutDisk | string> {
    writeFileSync(image, "");
    truncateSync(image, 320 << 20); // the least that xfs accepts; the file is sparse
    await must("mkfs", ["-t", fileSystem, "-q", image]);
    mkdirSync(top);
    const disk = new PowerCutDisk(image, top);
    const { exitCode, output } = await disk.#mount();
    return exitCode === 0 ? disk : output;
  }

  /** Gets ready to cut the power without delay. */
  async prepareCut(): Promise<{ cut(): Promise<void>; [Symbol.asyncDispose](): Promise<void> }> {
    const child = spawn("perl", ["-e", cutter, this.#top], { stdio: ["pipe", "pipe", "pipe"] });
    const ended = once(child, "close");
    await once(child.stdout, "data");
    let isCut = false;
    return {
      async cut() {
        isCut = true;
        child.stdin.end("now\n");
        const [status] = await ended;
        if (status !== 0) throw new Error(`the power could not be cut: ${child.stderr.read()}`);
      },
      async [Symbol.asyncDispose]() {
        if (!isCut) child.kill("SIGKILL");
        await ended;
      },
    };
  }

  /** Mounts the disk again after a cut, once no process uses it: the journal is replayed. */
  async restore(): Promise<void> {
    await this.#unmount();
    const { exitCode, output } = await this.#mount();
    if (exitCode !== 0) throw new Error(output);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#unmount();
  }

  #mount() {
    return runProgram("mount", ["-o", "loop", this.#image, this.#top]);
  }

  async #unmount(): Promise<void> {
    // A `sync` that a killed run had started may still be writing.
    await until(async () => {
      const { exitCode, output } = await runProgram("umount", [this.#top]);
      if (exitCode !== 0 && !output.includes("busy")) throw new Error(output);
      return exitCode === 0;
    });
    // A mount namespace that another test made meanwhile keeps the disk in use, and another mount would get the same disk.
    await until(async () => (await runProgram("losetup", ["--associated", this.#image])).output === "");
  }
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { exitCode, output } = await runProgram(program, args);
  if (exitCode !== 0) throw new Error(output);
}
