import type { Message } from "../news/index.ts";
import { encodeHeaderText } from "./header-text.ts";

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  readonly host: string;
  readonly sentAt: Date;
}

/** Returns a message of RFC 5322, with lines that end in LF as sendmail reads them. Addresses are checked already. */
export function emailMessage({ id, title, text }: Message, { from, to, host, sentAt }: Envelope): string {
  const isPlain =
    /^[\t\n\x20-\x7e]*$/.test(text) && text.split("\n").every(({ length }) => length <= lineMax);
  const headers = [
    `From: "mirrorctl" <${from}>`,
    `To: ${to.join(",\n ")}`,
    `Subject: ${encodeHeaderText(`mirrorctl on ${host}: ${title}`, "\n ")}`,
    `Date: ${sentAt.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${id}@${hostAtom(host)}>`,
    "Auto-Submitted: auto-generated", // RFC 3834: no holiday greeting in return
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Transfer-Encoding: ${isPlain ? "7bit" : "base64"}`,
  ];
  const body = isPlain ? text : wrapped(Buffer.from(text).toString("base64"));
  return `${headers.join("\n")}\n\n${body.trimEnd()}\n`;
}

const lineMax = 900;

/** A name of a host may have characters that a Message-ID may not. */
const hostAtom = (host: string): string => host.replaceAll(/[^A-Za-z0-9.-]/g, "-") || "localhost";

const wrapped = (base64: string): string => base64.replaceAll(/.{76}/g, "$&\n");
