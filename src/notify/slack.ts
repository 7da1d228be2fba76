import type { Channel } from "./channel.ts";
import { type Post, postMessage } from "./web.ts";

/** An incoming webhook of Slack, or of Mattermost, which takes the same. */
export const slack = (url: URL, post: Post): Channel => ({
  send({ title, text }, signal) {
    // As a block of code: an upstream's words mention nobody and format nothing.
    const block = `\`\`\`\n${escaped(text).replaceAll("`", "'")}\n\`\`\``;
    const body = JSON.stringify({ text: `${escaped(title)}\n${block}` });
    return postMessage(post, { url, headers: { "content-type": "application/json" }, body }, signal);
  },
});

/** The three characters that Slack gives a meaning. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
