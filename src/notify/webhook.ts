import { createHmac } from "node:crypto";
import type { Channel } from "./channel.ts";
import { payloadOf } from "./payload.ts";
import { type Post, postMessage } from "./web.ts";

interface WebhookPorts {
  readonly post: Post;
  readonly now: () => Date;
  readonly host: string;
}

/** A webhook as https://www.standardwebhooks.com describes it: the receiver can tell who sent it, and when. */
export const webhook = (url: URL, key: Uint8Array, { post, now, host }: WebhookPorts): Channel => ({
  send(message, signal) {
    const body = JSON.stringify(payloadOf(message, host));
    const timestamp = Math.floor(now().getTime() / 1000);
    const signature = createHmac("sha256", key).update(`${message.id}.${timestamp}.${body}`).digest("base64");
    const headers = {
      "content-type": "application/json",
      "webhook-id": message.id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": `v1,${signature}`,
    };
    return postMessage(post, { url, headers, body }, signal);
  },
});
