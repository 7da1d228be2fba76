import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { find, tellStory } from "../test-support.ts";

const sh = (script: string): readonly string[] => ["sh", "-c", script];

async function commandsOf(commands: readonly (readonly string[])[], gates: object = {}) {
  const { test: run } = await tellStory({ commands, ...gates }, (upstream) =>
    upstream.suite("stable").addPackage("extra", "1"),
  );
  return find((await run()).gates, "commands");
}

describe("commands", () => {
  test("passes if each exits with 0", async () => {
    expect(await commandsOf([["true"], sh("exit 0")])).toMatchObject({
      verdict: "passed",
      text: { measured: "all passed", allowed: "all of 2" },
    });
  });

  test("fails with another status, and shows what the command wrote", async () => {
    const gate = await commandsOf([["true"], sh("echo the page is empty >&2; exit 7"), ["true"]]);
    expect(gate).toMatchObject({
      verdict: "failed",
      measured: 1,
      details: [{ message: "command 2 (sh) ended with status 7\n  the page is empty" }],
    });
  });

  test("does not pass yet with 75", async () => {
    expect(await commandsOf([sh("exit 75")])).toMatchObject({
      verdict: "not-yet",
      details: [{ message: "command 1 (sh) ended with status 75: not yet" }],
    });
    expect(await commandsOf([sh("exit 75"), sh("exit 1")])).toMatchObject({ verdict: "failed" });
  });

  test("fails if a command takes too long, and ends all that it started", async () => {
    expect(await commandsOf([sh("sleep 600 & sleep 600")], { command_time_limit: "50ms" })).toMatchObject({
      verdict: "failed",
      details: [{ message: "command 1 (sh) took too long, and was ended" }],
    });
  });

  test("fails if there is no such program, or nobody made it executable", async () => {
    const reason = "there is no such program that this user may run";
    const commands = [["no-such-program"], ["/nonexistent/program"], ["/etc/passwd"]] as const;
    expect(await commandsOf(commands)).toMatchObject({
      verdict: "failed",
      details: [
        { message: `command 1 (no-such-program) could not be started: ${reason}` },
        { message: `command 2 (/nonexistent/program) could not be started: ${reason}` },
        { message: `command 3 (/etc/passwd) could not be started: ${reason}` },
      ],
    });
  });

  test("get the snapshot, its tree, its URL and the difference, and no other variables", async () => {
    const script =
      'env | sort | cut -d= -f1 | tr "\\n" " "; cat "$MIRRORCTL_DIFF"; ls $MIRRORCTL_PATH; echo "diff $MIRRORCTL_DIFF"; echo $MIRRORCTL_MIRROR $MIRRORCTL_SNAPSHOT $MIRRORCTL_URL; exit 1';
    const story = await tellStory(
      { commands: [sh(script)] },
      (upstream) => upstream.suite("stable").addPackage("extra", "1"),
      { publish: { base_url: "https://apt.example.org/" } },
    );
    const [detail] = find((await story.test()).gates, "commands").details;
    const output = detail?.fact.kind === "command" ? detail.fact.output : "";
    expect(output).toMatch(
      /^MIRRORCTL_DIFF MIRRORCTL_MIRROR MIRRORCTL_PATH MIRRORCTL_SNAPSHOT MIRRORCTL_URL PATH PWD /,
    );
    expect(output).toMatch(
      /"schema":"mirrorctl.diff\/1","mirror":"m","from":\{"name":"old","shownAs":\["production"\]/,
    );
    expect(output).toContain('"kind":"added","package":"extra"');
    expect(output).toMatch(
      /\ndists\npool\ndiff \/\S+\/diff\.json\nm new https:\/\/apt.example.org\/m\/staging\n$/,
    );
    expect(existsSync(/^diff (.+)$/m.exec(output)?.[1] ?? "")).toBe(false);
  });

  test("start outside the snapshot, so that what they leave does not get into it", async () => {
    const story = await tellStory({ commands: [["touch", "left"], sh("test -e left")] });
    expect(find((await story.test()).gates, "commands").verdict).toBe("passed");
    expect(readdirSync(story.mirrors.file("", "new")).toSorted()).toEqual(["dists", "pool"]);
  });

  test("run again once a program or a file among their arguments was edited", async () => {
    const story = await tellStory({});
    const script = join(dirname(story.mirrors.keyFile), "check.sh");
    writeFileSync(script, "exit 0");
    story.mirrors.configure({ m: { gates: { commands: [["sh", script]] } } });
    expect(find((await story.test()).gates, "commands").verdict).toBe("passed");
    writeFileSync(script, "exit 1 # now");
    expect(find((await story.test()).gates, "commands").verdict).toBe("failed");
  });
});
