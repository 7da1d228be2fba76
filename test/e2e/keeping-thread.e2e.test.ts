/** A large sync checks and names its downloads in a thread, whose program the executable contains as a text. */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createWorkspace } from "../support/index.ts";

const pool = (name: string): string => `pool/main/${name[0]}/${name}/${name}_1.0-1_amd64.deb`;

test("the thread of a large sync names what is listed, and refuses the rest", async () => {
  await using workspace = await createWorkspace({ mirrors: { debian: { allow_missing: true } } });
  const { upstream, dir } = workspace;
  const suite = upstream
    .suite("stable", { compressions: ["gz"] })
    .addPackage("small", "1.0-1")
    .addPackage("large", "1.0-1", { files: { "usr/share/data": Buffer.alloc(600_000, "data ") } })
    .addPackage("wrong", "1.0-1")
    .addPackage("absent", "1.0-1");
  await upstream.publish();
  // It is listed as so large that a thread pays.
  const packages = "main/binary-amd64/Packages";
  const listed = gunzipSync(readFileSync(`${upstream.dir}/dists/stable/${packages}.gz`)).toString("utf8");
  const other = listed.replace(/(?<=\/absent_[^]*?^Size: )\d+$/m, String(80 << 20));
  suite.addFile(packages, other, "compressed");
  await upstream.publish();
  const wrong = `${upstream.dir}/${pool("wrong")}`;
  writeFileSync(wrong, readFileSync(wrong).fill("x"));
  workspace.server.fault({ path: `/${pool("absent")}`, status: 404 });

  const calls = workspace.join("calls.txt");
  const strace = ["strace", "-f", "--seccomp-bpf", "-o", calls, "-e", "trace=link", "--"];
  const { stderr } = await workspace.run(["sync"], { through: (line) => [...strace, ...line] });
  expect(stderr).toContain(`${pool("wrong")}: the sha256 digest is`);
  expect(stderr).toContain(`${pool("absent")}: 404`);
  const { working } = await workspace.published("debian");
  const shown = [...(working?.files.keys() ?? [])].filter((path) => path.endsWith(".deb"));
  expect(shown.toSorted()).toEqual([pool("large"), pool("small")]);
  for (const name of ["large", "small"])
    expect(
      readFileSync(`${dir}/debian/.live/${pool(name)}`).equals(readFileSync(`${upstream.dir}/${pool(name)}`)),
    ).toBe(true);

  const lines = readFileSync(calls, "utf8").split("\n");
  const threadsThatLink = (name: RegExp): ReadonlySet<string | undefined> =>
    new Set(lines.filter((line) => name.test(line)).map((line) => line.split(" ", 1)[0]));
  const [ofIndices, ofPackages] = [threadsThatLink(/\/dists\//), threadsThatLink(/\.deb"/)];
  expect(ofPackages.size).toBe(1);
  expect(ofIndices.isDisjointFrom(ofPackages)).toBe(availableParallelism() > 1);
});
