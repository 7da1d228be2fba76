import { deepEqual, equal, match } from "node:assert/strict";
import {
  findEntry,
  findEntryForHttps,
  type MachineEntry,
  parseAuthConf,
} from "../../../src/upstream/credentials/auth-conf.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, attempt, refused } from "./properties.ts";
import { whiteSpace } from "./words.ts";

export const authConf: FuzzTarget = {
  name: "auth-conf",
  dictionary: [
    "machine login password # http:// https:// h.example [::1] ::1 :8080 :99999 /debian H.EXAMPLE".split(" "),
    "\xe9.example xn-- %41 @ ? 127.1 0x7f.1 a..b *".split(" "),
    ["machine h.example login u password p\n", "# "],
    whiteSpace,
  ].flat(),
  check(input) {
    const result = attempt(() => parseAuthConf(Buffer.from(input).toString("utf8"), "auth.conf"));
    if (result.kind === "refused") {
      match(result.error.message, forms); // none of which can contain a password
      return refused(result.error);
    }
    for (const entry of result.value) checkEntry(entry);
    const again = parseAuthConf(result.value.map(print).join(""), "auth.conf");
    deepEqual(again.map(withoutPlace), result.value.map(withoutPlace), "printed and read again");
    return accepted(
      result.value.length,
      result.value.some(({ port }) => port !== undefined),
    );
  },
};

const forms =
  /^auth\.conf:\d+: (?:(?:machine|login|password) is followed by nothing|(?:login|password) comes before any machine|this machine has neither login nor password|what follows machine is not \[scheme:\/\/\]host\[:port\]\[\/path\])$/;

/** An entry applies to its own host and path, and to no other host. */
function checkEntry(entry: MachineEntry): void {
  const { host, port, path } = entry;
  equal(new URL(`http://${host}/`).hostname, host, "no host of a URL");
  const place = `${entry.scheme ?? "https"}://${host}${port === undefined ? "" : `:${port}`}${path}`;
  if (isUsual(entry) && URL.canParse(place) && new URL(place).pathname.startsWith(path)) {
    equal(findEntry(new URL(place), [entry]), entry, "not for its own place");
  }
  const elsewhere = new URL(`https://${host === "other.example" ? "another.example" : "other.example"}/`);
  equal(findEntry(elsewhere, [entry]), undefined, "for another host");
  equal(findEntryForHttps(elsewhere, [entry]), undefined, "for another host by https");
}

/** With a scheme that mirrorctl uses, and a port as URLs have it. */
const isUsual = ({ scheme = "https", port = "1" }: MachineEntry): boolean =>
  /^https?$/.test(scheme) && /^[1-9][0-9]*$/.test(port);

const print = ({ scheme, host, port, path, login, password }: MachineEntry): string =>
  [
    `machine ${scheme === undefined ? "" : `${scheme}://`}${host}${port === undefined ? "" : `:${port}`}${path}`,
    ...(login === "" ? [] : [`login ${login}`]),
    ...(password === "" ? [] : [`password ${password}`]),
  ].join(" ") + "\n";

const withoutPlace = (entry: MachineEntry): MachineEntry => ({ ...entry, source: "" });
