import { createRequire } from "node:module";
import { Script } from "node:vm";
import type { Metafile } from "esbuild";
import { expect, test } from "vitest";
import { openParts, parameters } from "./open-parts.ts";
import { divide } from "./parts.ts";

type Input = Metafile["inputs"][string];

const file = (...imports: Input["imports"]): Input => ({ bytes: 1, imports });

const inputs = {
  "main.ts": file(
    { path: "errors.ts", kind: "import-statement" },
    { path: "sync.ts", kind: "dynamic-import" },
    { path: "node:fs", kind: "import-statement", external: true },
  ),
  "errors.ts": file(),
  "sync.ts": file(
    { path: "errors.ts", kind: "import-statement" },
    { path: "client.ts", kind: "import-statement" },
  ),
  "client.ts": file({ path: "proxy.ts", kind: "dynamic-import" }),
  "proxy.ts": file(),
};

test("a module belongs to the first part whose entries import it", () => {
  const plans = [
    { name: "start", entries: ["main.ts"] },
    { name: "client", entries: ["client.ts"], withDynamicImports: true },
    { name: "rest", entries: "everything" },
  ] as const;
  expect(Object.fromEntries(divide({ inputs }, plans))).toEqual({
    "main.ts": "start",
    "errors.ts": "start",
    "client.ts": "client",
    "proxy.ts": "client",
    "sync.ts": "rest",
  });
});

test("a part that begins with a file that is gone is an error", () => {
  expect(() => divide({ inputs }, [{ name: "start", entries: ["old.ts"] }])).toThrow(
    'the part "start" begins with old.ts, which is not part of the program',
  );
});

test("a part is loaded once, when something of it is needed", () => {
  const loaded: string[] = [];
  const scripts: Readonly<Record<string, string>> = {
    start: `module.exports = { "main.ts": () => fromPart("rest", "sync.ts") + 1 };`,
    rest: `module.exports = { "sync.ts": () => 41 };`,
  };
  const fromPart = openParts(
    (part) => {
      loaded.push(part);
      return new Script(`(function (${parameters}) {${scripts[part]}})`);
    },
    createRequire(import.meta.url),
    "here",
  );
  expect(fromPart("start", "main.ts")).toBe(42);
  expect(fromPart("start", "main.ts")).toBe(42);
  expect(loaded).toEqual(["start", "rest"]);
  expect(() => fromPart("rest", "main.ts")).toThrow('the part "rest" has no main.ts');
});
