import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string;
  /** The absolute path of something inside. */
  join(...segments: readonly string[]): string;
}

/** A new private directory (mode 0700). With `await using` it is removed when the block ends, however it ends. */
export async function temporaryDirectory(
  prefix = "mirrorctl-test-",
  parent = tmpdir(),
): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(parent, prefix));
  return {
    path,
    join: (...segments) => join(path, ...segments),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
