import type { News } from "../news/index.ts";
import type { Channel } from "./channel.ts";
import { payloadOf } from "./payload.ts";
import { type ProgramRun, runOn } from "./program.ts";

/** A program of the administrator: the facts are in its environment, and as JSON on its standard input. */
export const command = (
  argv: readonly [string, ...string[]],
  ports: ProgramRun & { readonly host: string },
): Channel => ({
  async send(message) {
    const [news] = message.news;
    const env = {
      MIRRORCTL_EVENT: news?.event ?? "test",
      MIRRORCTL_TITLE: message.title,
      MIRRORCTL_TEXT: message.text,
      ...(news === undefined ? {} : factsOf(news)),
    };
    await runOn(`${JSON.stringify(payloadOf(message, ports.host))}\n`, argv, env, ports);
  },
});

/** What most programs want to know; the rest is in the JSON. */
function factsOf(news: News): Readonly<Record<string, string>> {
  const snapshot = "snapshot" in news ? news.snapshot : undefined;
  const reason = "reason" in news ? news.reason : undefined;
  return {
    MIRRORCTL_MIRROR: news.event === "disk" ? news.mirrors.join(" ") : news.mirror,
    ...(snapshot === undefined ? {} : { MIRRORCTL_SNAPSHOT: snapshot }),
    // The kernel takes no text with a NUL, and none of more than 128 KiB.
    ...(reason === undefined ? {} : { MIRRORCTL_REASON: reason.replaceAll("\0", "").slice(0, 10_000) }),
  };
}
