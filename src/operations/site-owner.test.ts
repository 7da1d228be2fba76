import { chownSync, mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { createHost } from "../../test/support/host.ts";
import { temporaryDirectory } from "../../test/support/index.ts";
import { parseConfig } from "../config/index.ts";
import { actAsOwner } from "./site-owner.ts";

// Only root can give directories away.
test.runIf(userInfo().uid === 0).each(["EPERM", "EINVAL"])(
  "lets root that may not become the owner (%s) read, but not write",
  async (code) => {
    const directory = await temporaryDirectory();
    onTestFinished(() => directory[Symbol.asyncDispose]());
    mkdirSync(directory.join("www"));
    chownSync(directory.join("www"), 65_534, 65_534);
    const text = `dir = "${directory.join("www")}"`;
    const config = await parseConfig({ text, path: directory.join("c.toml"), env: {}, homeDir: "/" });
    const worker = actAsOwner(
      config,
      createHost({
        uid: 0,
        becomeUser: () => {
          throw Object.assign(new Error(code), { code });
        },
      }),
    );
    expect(worker.uid).toBe(0);
    expect(() => worker.assertMayWrite()).toThrow(
      `${directory.join("www")} belongs to nobody, and this root may not act as nobody: nothing was changed`,
    );
  },
);
