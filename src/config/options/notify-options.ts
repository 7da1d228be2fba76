import * as v from "valibot";
import { newsEvents } from "../../news/index.ts";
import { parseDuration } from "../values/duration.ts";
import { emailAddressType, parseEmailAddress } from "../values/email-address.ts";
import { filePathType, parseFilePath } from "../values/paths.ts";
import { parseWebUrl, webUrlType } from "../values/web-url.ts";
import { listOf, oneOrMoreOf, option, parsed, table } from "./option.ts";

export const notifyTypes = ["webhook", "slack", "ntfy", "email", "healthchecks", "command"] as const;
export type NotifyType = (typeof notifyTypes)[number];

/** A relative path would depend on where mirrorctl was started. */
const program = v.pipe(v.string(), v.regex(/^(?:\/.+|[^/]+)$/));

const limitMax = 60_000;
const timeLimit = v.pipe(parsed(parseDuration), v.minValue(1), v.maxValue(limitMax));

/** Leaves the value out of messages: a token in it lets anybody send in its name. */
const isSecret = true;

export const notifyTable = table(
  "Who hears when something changes. The table may be there several times. A change is reported once; a message that cannot be sent is a warning, and the next run tries again. `check notify` sends a test message to each.",
  {
    type: option(v.picklist(notifyTypes), {
      type: notifyTypes.map((type) => JSON.stringify(type)).join(", "),
      required: true,
      help: "`webhook`: Standard Webhooks; `slack`: Slack and Mattermost; `ntfy`: a topic of ntfy; `email`: through sendmail; `healthchecks`: start and end of each sync, for Healthchecks; `command`: a program of yours.",
    }),
    url: option(parsed(parseWebUrl), {
      type: webUrlType,
      isSecret,
      help: "Where to send it: the URL of the webhook, of the topic, or of the check. A user and password in it are sent as such. Needed by all types but `email` and `command`, here or in `url_file`.",
    }),
    url_file: option(parsed(parseFilePath), {
      type: filePathType,
      names: "secret",
      help: "A file with the URL alone, in place of `url`: the URLs of Slack and Healthchecks are secrets. A relative path begins at the folder of this file.",
    }),
    secret: option(v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/)), {
      type: "a text without blanks",
      isSecret,
      help: "For `webhook` the key of the signatures, `whsec_` and base64 (`echo whsec_$(openssl rand -base64 32)` makes one); needed. For `ntfy` an access token, if the topic wants one.",
    }),
    secret_file: option(parsed(parseFilePath), {
      type: filePathType,
      names: "secret",
      help: "A file with the secret alone, in place of `secret`.",
    }),
    to: option(oneOrMoreOf(parsed(parseEmailAddress)), {
      type: `${emailAddressType}, or a list of them`,
      help: "For `email`: who gets it.",
    }),
    from: option(parsed(parseEmailAddress), {
      type: emailAddressType,
      defaultText: "`mirrorctl@` with the name of this host",
      help: "For `email`: the sender.",
    }),
    command: option(v.pipe(v.tupleWithRest([program], v.string()), v.readonly()), {
      type: "a program, by name or absolute path, and its arguments, as a list",
      defaultText: 'for `email`: `["/usr/sbin/sendmail", "-t", "-i"]`',
      help: "For `command`: what to run, once for each change. For `email`: the program that reads the message. No shell reads it.",
    }),
    ca_cert_file: option(parsed(parseFilePath), {
      type: filePathType,
      names: "certificates",
      help: "The certificates that the server's may be issued by, in place of the system's. `[tls]` is for upstreams alone.",
    }),
    events: option(listOf(v.picklist(newsEvents)), {
      type: `a list of ${newsEvents.map((event) => JSON.stringify(event)).join(", ")}`,
      defaultText: "all of them",
      help: "What is reported. Not for `healthchecks`.",
    }),
    mirrors: option(v.pipe(listOf(v.pipe(v.string(), v.minLength(1))), v.minLength(1)), {
      type: "a list of ids of mirrors, in which `*` and `?` match any characters",
      default: ["*"],
      help: "The mirrors that it is about.",
    }),
    time_limit: option(timeLimit, {
      type: 'a duration of at most "60s"',
      default: "10s",
      help: "How long one message may take. The sync is over by then, and no lock is held.",
    }),
  },
);
