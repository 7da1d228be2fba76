import type { Message } from "../news/index.ts";
import type { Channel } from "./channel.ts";
import { encodeHeaderText } from "./header-text.ts";
import { type Post, postMessage } from "./web.ts";

const priorities: Readonly<Record<Message["mood"], string>> = {
  bad: "high",
  good: "default",
  plain: "default",
};
const tags: Readonly<Record<Message["mood"], string>> = {
  bad: "rotating_light",
  good: "white_check_mark",
  plain: "package",
};

/** A topic of ntfy, https://docs.ntfy.sh/publish/. */
export const ntfy = (url: URL, token: string | undefined, post: Post): Channel => ({
  send({ title, text, mood }, signal) {
    const headers = {
      title: encodeHeaderText(title, " "),
      priority: priorities[mood],
      tags: tags[mood],
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const secrets = token === undefined ? [] : [token];
    return postMessage(post, { url, headers, body: cutTo(text, bodyBytesMax), secrets }, signal);
  },
});

/** A longer body becomes an attachment. */
const bodyBytesMax = 4096;

/** Cuts between characters. */
export function cutTo(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--; // within a character of UTF-8
  return bytes.subarray(0, end).toString("utf8");
}
