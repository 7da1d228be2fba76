/** A file system of its own whose power can be cut: what was not flushed is gone when it is back. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { runProgram } from "../../support/index.ts";

export type FileSystem = "ext4" | "xfs";

/** FS_IOC_SHUTDOWN with "no log flush": from here on nothing reaches the disk, as in xfstests. Waits for a line first. */
const cutter = `
  open(my $top, "<", $ARGV[0]) or die "$ARGV[0]: $!";
  my $how = pack("L", 2);
  $| = 1; print "ready\\n"; <STDIN>;
  ioctl($top, 0x8004587d, $how) or die "FS_IOC_SHUTDOWN: $!";
`;

export class DiskWithoutPower implements AsyncDisposable {
  readonly #image: string;
  readonly #top: string;

  private constructor(image: string, top: string) {
    this.#image = image;
    this.#top = top;
  }

  /** Mounts one at `top`; undefined, with the reason, where that is not possible. */
  static async mount(
    fileSystem: FileSystem,
    { image, top }: { readonly image: string; readonly top: string },
  ): Promise<DiskWithoutPower | string> {
    writeFileSync(image, "");
    truncateSync(image, 320 << 20); // xfs wants that much; next to nothing of it is written
    await must("mkfs", ["-t", fileSystem, "-q", image]);
    mkdirSync(top);
    const disk = new DiskWithoutPower(image, top);
    const { exitCode, output } = await disk.#mount();
    return exitCode === 0 ? disk : output;
  }

  /** Gets ready to cut the power at once when that is called for. */
  async plug(): Promise<{ cut(): Promise<void>; [Symbol.asyncDispose](): Promise<void> }> {
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

  /** After a cut, once nobody uses it: what the journal brings back. */
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

  /** A `sync` that a killed run had started may still be at it. */
  async #unmount(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { exitCode, output } = await runProgram("umount", [this.#top]);
      if (exitCode === 0) return;
      if (attempt === 100 || !output.includes("busy")) throw new Error(output);
      await pause(50);
    }
  }
}

async function must(program: string, args: readonly string[]): Promise<void> {
  const { exitCode, output } = await runProgram(program, args);
  if (exitCode !== 0) throw new Error(output);
}
