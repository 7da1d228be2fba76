import { describe, expect, test } from "vitest";
import { type ErrorArea, MirrorctlError } from "../errors.ts";
import { describeError, exitStatusOf, Interrupted, messageOf, recordOf, statusOfFailures } from "./errors.ts";
import { sandboxHint } from "./words/sandbox.ts";

class AreaError extends MirrorctlError {
  override readonly area: ErrorArea;
  constructor(area: ErrorArea, details: ConstructorParameters<typeof MirrorctlError>[2] = {}) {
    super("SOME_CODE", `something of ${area}`, details);
    this.area = area;
  }
}

const systemError = (code: string): Error => Object.assign(new Error(`${code}: no`), { code });

describe("the exit status", () => {
  test.each<[number, ErrorArea]>([
    [2, "config"],
    [1, "upstream"],
    [1, "repository"],
    [1, "trust"],
    [1, "store"],
    [1, "snapshot"],
    [1, "publish"],
    [3, "gate"],
    [4, "lock"],
  ])("is %i for an error of %s", (status, area) => {
    expect(exitStatusOf(new AreaError(area))).toBe(status);
  });

  test.each([
    [130, new Interrupted("SIGINT")],
    [143, new Interrupted("SIGTERM")],
    [1, new TypeError("a bug")],
    [1, systemError("ENOSPC")],
    [1, "a string"],
    [1, undefined],
  ])("is %i for %s", (status, error) => {
    expect(exitStatusOf(error)).toBe(status);
  });
});

describe("the exit status of several failures", () => {
  const [locked, refused, bug] = [new AreaError("lock"), new AreaError("gate"), new TypeError("a bug")];
  test.each<[number, string, readonly unknown[]]>([
    [0, "none", []],
    [4, "one", [locked]],
    [4, "several of a kind", [locked, locked]],
    [1, "several kinds", [locked, refused]],
    [1, "several kinds, in whatever order", [bug, refused, locked]],
    [143, "the terminal that closed", [new Interrupted("SIGHUP")]],
    [143, "an interruption among others", [locked, bug, new Interrupted("SIGTERM"), refused]],
  ])("is %i for %s", (status, _what, errors) => {
    expect(statusOfFailures(errors)).toBe(status);
  });
});

describe("an error in words", () => {
  test("is its message, and below it what to do next", () => {
    const error = new AreaError("store", { hint: "Do this.\nThen that.", facts: { path: "/x" } });
    expect(describeError(error, false)).toEqual({
      message: "something of store",
      below: ["Do this.", "Then that."],
    });
  });

  test("has causes, facts and stack with --verbose-errors", () => {
    const cause = new AreaError("upstream", { facts: { status: 404 }, cause: new Error("the first") });
    const error = new AreaError("trust", {
      facts: { wanted: ["a", "b"], found: undefined, path: "/x" },
      cause,
    });
    const { below } = describeError(error, true);
    expect(below.slice(0, 3)).toEqual(["code: trust/SOME_CODE", "wanted: a, b", "path: /x"]);
    const at = below.indexOf("caused by: something of upstream");
    expect(below.slice(at + 1, at + 3)).toEqual(["code: upstream/SOME_CODE", "status: 404"]);
    expect(below).toContain("caused by: the first");
    expect(below.some((line) => line.startsWith("at "))).toBe(true);
  });

  test("shows ten of hundreds of items, and keeps a thousand for the history", () => {
    const items = Array.from({ length: 1400 }, (_, index) => `item ${index}`);
    const error = new AreaError("store", { items, hint: "Do this." });
    const { below } = describeError(error, false);
    expect(below).toEqual([...items.slice(0, 10), "and 1390 more, which --json lists", "Do this."]);
    const recorded = recordOf(error).split("\n");
    expect(recorded.slice(0, 2)).toEqual(["something of store", "item 0"]);
    expect(recorded.slice(1000)).toEqual(["item 999", "and 400 more, which --json lists"]);
    expect(recordOf(new Error("plain"))).toBe("plain");
  });

  test.each([
    ["ENOSPC", "mirrorctl snapshot prune"],
    ["EDQUOT", "mirrorctl snapshot prune"],
    ["EACCES", "as the user that owns"],
    ["EPERM", "as the user that owns"],
    ["EROFS", "read-only"],
    ["EIO", "dmesg"],
    ["EUCLEAN", "dmesg"],
  ])("says of the system's %s what can be done", (code, hint) => {
    expect(describeError(systemError(code), false).below.join()).toContain(hint);
  });

  test("says of a read-only disk in a sandbox which lines the unit lacks", () => {
    const directories = ["/srv/apt", '/srv/50% "b"'];
    const sandbox = { unit: "a.service", user: "mirrorctl", directories, paths: directories };
    expect(describeError(systemError("EROFS"), false, sandboxHint(sandbox)).below.slice(0, -1)).toEqual([
      'systemd lets a.service write only what the unit names. Run "systemctl edit a.service" and add these lines:',
      "[Unit]",
      String.raw`RequiresMountsFor=/srv/apt "/srv/50%% \"b\""`,
      "[Service]",
      String.raw`ReadWritePaths=/srv/apt "/srv/50%% \"b\""`,
      `They are kept in /etc/systemd/system/a.service.d/override.conf. The directories must exist: install -d -o mirrorctl /srv/apt '/srv/50% "b"'`,
    ]);
    expect(describeError(systemError("EACCES"), false, sandboxHint(sandbox)).below.join()).not.toContain(
      "systemctl",
    );
  });

  test("is the thrown value itself if it is not an error", () => {
    expect(messageOf("text")).toBe("text");
    expect(describeError(undefined, true)).toEqual({ message: "undefined", below: [] });
    expect(describeError(systemError("EISDIR"), false).below).toEqual([]);
  });
});
