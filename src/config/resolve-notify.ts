import { newsEvents } from "../news/index.ts";
import type { ChannelConfig, NotifyConfig, Secret } from "./config.ts";
import { notifyTable } from "./options/notify-options.ts";
import { settle } from "./options/option.ts";
import type { GivenNotify } from "./options/options.ts";
import { expandPath, type PathBase } from "./values/paths.ts";

/** -t: the recipients are in the header; -i: a line with a dot alone does not end the message. */
const sendmail = ["/usr/sbin/sendmail", "-t", "-i"] as const;

/** `index` is its place among the tables. Rules have checked that the keys of its type are set. */
export function resolveNotify(given: GivenNotify, index: number, base: PathBase): NotifyConfig {
  const own = settle(notifyTable, given);
  return {
    name: `${own.type} ${index + 1}`,
    channel: channelOf(given, base),
    events: own.events ?? newsEvents,
    mirrors: own.mirrors,
    limitMs: own.time_limit,
  };
}

function channelOf(given: GivenNotify, base: PathBase): ChannelConfig {
  const { type, to = [], from } = given;
  const expand = (text: string | undefined) => (text === undefined ? undefined : expandPath(text, base));
  const url = secretOf(given.url, expand(given.url_file));
  const secret = secretOf(given.secret, expand(given.secret_file));
  const caCertFile = expand(given.ca_cert_file);
  switch (type) {
    case "webhook":
      return { type, url: needed(url), secret: needed(secret), caCertFile };
    case "ntfy":
      return { type, url: needed(url), token: secret, caCertFile };
    case "slack":
    case "healthchecks":
      return { type, url: needed(url), caCertFile };
    case "email":
      return { type, to, from, command: given.command ?? sendmail };
    case "command":
      return { type, command: needed(given.command) };
  }
}

function needed<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new TypeError("checkNotify accepted a table that lacks a key of its type");
  return value;
}

function secretOf(text: string | undefined, file: string | undefined): Secret | undefined {
  if (file !== undefined) return { file };
  return text === undefined ? undefined : { text };
}
