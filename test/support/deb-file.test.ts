import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { debFile } from "./deb-file.ts";
import { runProgram } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const hello = {
  package: "hello",
  version: "1:2.10-1+b1",
  architecture: "amd64",
  depends: "libc6 (>= 2.36)",
  files: { "usr/bin/hello": "#!/bin/sh\necho hello\n", "usr/share/doc/hello/copyright": "MIT\n" },
  fields: { Source: "hello-src (2.10-1)", Priority: "required" },
};

test("is a package that dpkg-deb reads", async () => {
  await using directory = await temporaryDirectory();
  const { bytes, control } = await debFile(hello);
  writeFileSync(directory.join("hello.deb"), bytes);
  const dpkgDeb = (...args: readonly string[]) =>
    runProgram("dpkg-deb", [...args, directory.join("hello.deb")]);

  const info = await dpkgDeb("--info");
  expect(info.exitCode).toBe(0);
  expect(info.output).toContain("new Debian package, version 2.0");
  expect((await dpkgDeb("--field")).output).toBe(control);
  expect(control).toContain("Version: 1:2.10-1+b1\n");
  expect(control).toContain("Source: hello-src (2.10-1)\n");
  expect(control).toContain("Priority: required\n");
  expect(control).not.toContain("Priority: optional\n");

  const contents = await dpkgDeb("--contents");
  expect(contents.exitCode).toBe(0);
  expect(contents.output).toMatch(/^-rw-r--r-- root\/root +21 2020-01-01 00:00 \.\/usr\/bin\/hello$/m);
  expect(contents.output).toMatch(/^drwxr-xr-x root\/root .* \.\/usr\/share\/doc\/hello\/$/m);
});

test("gives the same bytes for the same options only", async () => {
  const { bytes } = await debFile(hello);
  expect((await debFile(hello)).bytes.equals(bytes)).toBe(true);
  expect((await debFile({ ...hello, version: "1:2.10-1+b2" })).bytes.equals(bytes)).toBe(false);
});

test("installs a small file if none is named", async () => {
  const { installs } = await debFile({ package: "tiny", version: "1", architecture: "all" });
  expect(installs).toEqual(["usr/share/doc/tiny/README"]);
});
