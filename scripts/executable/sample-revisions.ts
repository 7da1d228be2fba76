import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigningKey, fakeUpstream } from "../../test/support/index.ts";

const packages = 20;

/** Writes a small signed repository as it is four times, `<dir>/1` to `<dir>/4`, and its key, `<dir>/key.asc`. */
export async function writeRevisions(dir: string): Promise<void> {
  const key = await createSigningKey();
  writeFileSync(join(dir, "key.asc"), key.publicKeyArmored);
  const upstream = await fakeUpstream({ dir: join(dir, "upstream"), signedBy: key });
  const suite = upstream.suite("stable");
  for (let n = 0; n < packages; n++) suite.addPackage(`package-${n}`, "1-1");
  for (const revision of [1, 2, 3, 4]) {
    await upstream.publish();
    cpSync(upstream.dir, join(dir, String(revision)), { recursive: true, preserveTimestamps: true });
    for (const name of ["package-3", "package-7"]) {
      suite.removePackage(name, `${revision}-1`).addPackage(name, `${revision + 1}-1`);
    }
  }
}
