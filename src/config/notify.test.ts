import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { newsEvents } from "../news/index.ts";
import { errorOf, load, problemsOf, withMirror } from "./inspect.fixture.ts";

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const withNotify = (table: string): string => withMirror(`[[notify]]\n${table}`);

describe("[[notify]]", () => {
  test("has all events of all mirrors, and ten seconds", async () => {
    const { notify } = await load(withNotify(`type = "slack"\nurl = "https://hooks.example/x"`));
    expect(notify).toEqual([
      {
        name: "slack 1",
        channel: { type: "slack", url: { text: "https://hooks.example/x" }, caCertFile: undefined },
        events: newsEvents,
        mirrors: ["*"],
        limitMs: 10_000,
      },
    ]);
  });

  test("may be there several times, with files beside the configuration", async () => {
    const { notify } = await load(
      withNotify(`type = "webhook"
url_file = "hook.url"
secret_file = "~/hook.secret"
[[notify]]
type = "email"
to = "root"
[[notify]]
type = "command"
command = ["tell", "me"]
mirrors = ["m"]
events = ["promoted", "rolled_back"]`),
    );
    expect(notify.map(({ name, channel }) => [name, channel])).toEqual([
      [
        "webhook 1",
        {
          type: "webhook",
          url: { file: "/etc/mirrorctl/hook.url" },
          secret: { file: "/home/admin/hook.secret" },
          caCertFile: undefined,
        },
      ],
      [
        "email 2",
        { type: "email", to: ["root"], from: undefined, command: ["/usr/sbin/sendmail", "-t", "-i"] },
      ],
      ["command 3", { type: "command", command: ["tell", "me"] }],
    ]);
  });

  test.each([
    [
      `type = "slack"`,
      'notify[0].url is missing: expected an http or https URL, because type is "slack", here or in the file of url_file',
    ],
    [
      `type = "webhook"\nurl = "https://x.example/"`,
      "notify[0].secret is missing: expected a text without blanks",
    ],
    [`type = "email"`, "notify[0].to is missing: expected an e-mail address"],
    [`type = "command"`, "notify[0].command is missing"],
    [`url = "https://x.example/"`, "notify[0].type is missing"],
    [`type = "pager"`, 'notify[0].type: found "pager", expected "webhook", "slack"'],
    [
      `type = "slack"\nurl = "https://x.example/"\nsecret = "abc"`,
      'notify[0].secret: "slack" does not use this key',
    ],
    [
      `type = "healthchecks"\nurl = "https://x.example/"\nevents = ["staged"]`,
      'notify[0].events: "healthchecks" does not use this key',
    ],
    [
      `type = "slack"\nurl = "https://x.example/"\nurl_file = "x"`,
      "notify[0].url_file: expected either this or url",
    ],
    [
      `type = "slack"\nurl = "https://x.example/"\nmirrors = ["jammy"]`,
      'notify[0].mirrors[0]: found "jammy", expected a mirror of this file: m',
    ],
    [`type = "slack"\nurl = "https://x.example/"\nevents = []`, "notify[0].events: found an empty list"],
    [`type = "slack"\nurl = "https://x.example/"\nevents = ["stagd"]`, 'notify[0].events[0]: found "stagd"'],
    [
      `type = "slack"\nurl = "https://x.example/"\ntime_limit = "2m"`,
      'notify[0].time_limit: found 120000, expected a duration of at most "60s"',
    ],
    [`type = "email"\nto = "a@b\\nBcc: c"`, "notify[0].to"],
    [`type = "email"\nto = "-f"`, "notify[0].to"],
    [`type = "email"\nto = ["a@b.example", "c,d"]`, "notify[0].to[1]"],
    [`type = "command"\ncommand = ["./tell"]`, "notify[0].command[0]"],
    [`type = "slack"\nurl = "https://x.example/"\nchannel = "#ops"`, "unknown key notify[0].channel"],
  ])("refuses %j", async (table, problem) => {
    expect((await problemsOf(withNotify(table))).join("\n")).toContain(problem);
  });

  test("refuses a table that is there once with single brackets", async () => {
    expect(await problemsOf(withMirror(`[notify]\ntype = "slack"`))).toEqual([
      "7:2: notify: found a table, expected tables, each as [[notify]]",
    ]);
  });

  test.each([
    [`type = "slack"\nurl = "htp://hooks.example/T0KEN"`],
    [`type = "webhook"\nurl = "https://x.example/"\nsecret = "whsec_T0KEN"`],
    [`type = "webhook"\nurl = "https://x.example/"\nsecret = "T0KEN with blanks"`],
    [`type = "webhook"\nurl = ["T0KEN"]`],
    [`type = "slack"\nurl = "https://hooks.example/T0KEN\nmirrors = ["m"]`],
    [`type = "slack"\nmirrors = ["m"\nurl = "https://hooks.example/T0KEN"`],
    [`type = "slack"\nurl = "https://hooks.example/T0KEN"\nmirrors = [m]`],
  ])("shows no secret when it refuses %j", async (table) => {
    const { message, facts } = await errorOf(withNotify(table));
    expect(message + JSON.stringify(facts)).not.toContain("T0KEN");
  });

  const page = readFileSync(new URL("../../docs/notifications.md", import.meta.url), "utf8");
  const examples = [...page.matchAll(/```toml\n(.*?)```/gs)].map(([, toml = ""]) => toml);

  test.each(examples)("loads the example of its page %#", async (toml) => {
    expect(
      (await load(withMirror(toml).replace("[mirrors.m]", "[mirrors.ubuntu-noble]"))).notify,
    ).not.toEqual([]);
  });

  test("has an example of each type on its page", () => {
    for (const type of ["webhook", "slack", "ntfy", "email", "healthchecks", "command"])
      expect(examples.join("\n")).toContain(`type = "${type}"`);
  });

  test("accepts the secret of a webhook", async () => {
    const table = `type = "webhook"\nurl = "https://x.example/"\nsecret = "${secret}"`;
    expect((await load(withNotify(table))).notify).toHaveLength(1);
  });
});
