import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { temporaryDirectory } from "../../test/support/index.ts";
import { type InvokerFiles, invokerFiles, readAhead } from "./invoker-files.ts";

/** What a caller sees of a file: its bytes and mode, or the code of the error. */
function seen(files: InvokerFiles, path: string): unknown {
  try {
    return [files.read(path).toString(), files.mode(path)];
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}

test("returns files and errors that were read ahead, after the files are gone", async () => {
  await using directory = await temporaryDirectory();
  const [folder, key, missing, odd] = ["folder", "key.asc", "missing", "odd"].map((name) =>
    directory.join(name),
  );
  mkdirSync(`${folder}/directory`, { recursive: true });
  mkdirSync(`${odd}`);
  writeFileSync(`${key}`, "key", { mode: 0o600 });
  writeFileSync(`${folder}/b.conf`, "b", { mode: 0o640 });
  symlinkSync("b.conf", `${folder}/a.conf`);
  const paths = [`${key}`, `${missing}`, `${odd}`, `${folder}/a.conf`, `${folder}/b.conf`];
  const live = paths.map((path) => seen(invokerFiles, path));
  expect(live.slice(1, 3)).toEqual(["ENOENT", "EISDIR"]);

  const files = readAhead(paths.slice(0, 3), [`${folder}`, `${folder}/none`]);
  rmSync(directory.path, { recursive: true });
  expect(paths.map((path) => seen(files, path))).toEqual(live);
  expect(files.names(`${folder}`)).toEqual(["a.conf", "b.conf"]);
  expect(files.names(`${folder}/none`)).toEqual([]);
});
