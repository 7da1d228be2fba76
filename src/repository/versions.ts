/**
 * Compares versions in the order of deb-version(7): negative if `a` is older than `b`, positive if it is newer, otherwise
 * 0. Orders all strings, legal versions or not.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [splitVersion(a), splitVersion(b)];
  return (
    compareParts(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

function splitVersion(version: string): { epoch: string; upstream: string; revision: string } {
  const [epoch = ""] = /^[0-9]+(?=:)/.exec(version) ?? [];
  const rest = epoch === "" ? version : version.slice(epoch.length + 1);
  const hyphen = rest.lastIndexOf("-");
  if (hyphen === -1) return { epoch, upstream: rest, revision: "" };
  return { epoch, upstream: rest.slice(0, hyphen), revision: rest.slice(hyphen + 1) };
}

/** Compares runs of other characters and runs of digits in turn. A missing run counts as "" or 0. */
function compareParts(a: string, b: string): number {
  const [left, right] = [a.match(runs) ?? [], b.match(runs) ?? []];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [one, other] = [splitRun(left[at] ?? ""), splitRun(right[at] ?? "")];
    const order = compareText(one.text, other.text) || compareNumbers(one.digits, other.digits);
    if (order !== 0) return order;
  }
  return 0;
}

/** Text, then digits. One of them may be missing. */
const runs = /[^0-9]+[0-9]*|[0-9]+/g;

function splitRun(run: string): { text: string; digits: string } {
  const digitsAt = run.search(/[0-9]/);
  return digitsAt === -1
    ? { text: run, digits: "" }
    : { text: run.slice(0, digitsAt), digits: run.slice(digitsAt) };
}

function compareText(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const order = weightAt(a, at) - weightAt(b, at);
    if (order !== 0) return order;
  }
  return 0;
}

/** Sorts "~" before the end, the end before letters, and letters before everything else. */
function weightAt(text: string, at: number): number {
  if (at >= text.length) return 0;
  const char = text.charAt(at);
  if (char === "~") return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

/** Compares numbers of any length. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : Number(left > right);
}
