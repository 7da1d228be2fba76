import type { Contents, ContentsReading } from "../../contents/index.ts";
import { filtersPackages } from "../../plan/index.ts";
import { compareVersions, type Release } from "../../repository/index.ts";
import { isForMachines } from "../trees/index.ts";

/**
 * Returns preferences for apt_preferences(5) that keep it from packages which the indices list and the filters left out: it
 * would choose them, and get a 404. Undefined if there are none.
 *
 * A name of which nothing is left is pinned in the suites of the mirror alone, so that the same name of another repository
 * can be installed, and stays pinned when upstream has a newer version. A version that is newer than those that are left
 * is pinned by itself. Older versions need no pin: apt prefers the newest.
 */
export async function preferencesFor(
  contents: Contents,
  { filters }: ContentsReading,
): Promise<string | undefined> {
  if (!filtersPackages(filters)) return undefined;
  const { kept, leftOut } = await sortPackages(contents);
  if (leftOut.length === 0) return undefined;
  const newest = newestOf(kept);
  const gone = new Set(leftOut.map(nameOf).filter((name) => !newest.has(name)));
  const pins = contents.suites.map(({ release }) => releasePin(release));
  const isPinnable = pins.every((pin) => pin !== undefined);
  const stanzas = [
    ...(isPinnable ? [...new Set(pins)].flatMap((pin) => namesStanzas([...gone].toSorted(), pin)) : []),
    ...leftOut
      .filter((one) => (gone.has(nameOf(one)) ? !isPinnable : isNewer(one, newest.get(nameOf(one)))))
      .map((one) => stanza(nameOf(one), `version ${one.version}`)),
  ];
  return stanzas.length === 0 ? undefined : [...new Set(stanzas)].join("\n");
}

interface Listed {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

async function sortPackages(
  contents: Contents,
): Promise<{ readonly kept: readonly Listed[]; readonly leftOut: readonly Listed[] }> {
  const out = (await contents.listFiles()).leftOut.flatMap(({ item }) =>
    "architecture" in item ? [item] : [],
  );
  const leftOut = out.filter(({ architecture }) => architecture !== "source").filter(isPlain);
  const isOut = new Set(leftOut.map(keyOf));
  const kept: Listed[] = [];
  for (const index of contents.suites.flatMap(({ indices }) => indices).filter(isForMachines))
    for await (const { stanza: fields } of contents.packages(["package", "version", "architecture"], index)) {
      const [name, version, architecture] = [
        fields.get("package"),
        fields.get("version"),
        fields.get("architecture"),
      ];
      if (name === undefined || version === undefined || architecture === undefined) continue;
      const one = { name, version, architecture };
      if (!isOut.has(keyOf(one))) kept.push(one);
    }
  return { kept, leftOut };
}

/** In preferences, "*" and "/" are patterns. Names and versions of packages have neither. */
const isPlain = ({ name, version, architecture }: Listed): boolean =>
  [name, version, architecture].every((text) => /^[\w.+:~-]+$/.test(text));

const keyOf = ({ name, version, architecture }: Listed): string => `${name} ${version} ${architecture}`;

/** As apt names a package of one architecture. What is for all of them is for the machine's own. */
const nameOf = ({ name, architecture }: Listed): string =>
  architecture === "all" ? name : `${name}:${architecture}`;

function newestOf(packages: readonly Listed[]): ReadonlyMap<string, string> {
  const newest = new Map<string, string>();
  for (const one of packages) if (isNewer(one, newest.get(nameOf(one)))) newest.set(nameOf(one), one.version);
  return newest;
}

const isNewer = ({ version }: Listed, than: string | undefined): boolean =>
  than === undefined || compareVersions(version, than) > 0;

/** Undefined if Release does not say whose it is: other repositories have suites of the same name. */
function releasePin({ origin, label, suite, codename }: Release): string | undefined {
  if (origin === undefined && label === undefined) return undefined;
  const facts = Object.entries({ o: origin, l: label, a: suite, n: codename });
  const words = facts.flatMap(([letter, value]) => (value === undefined ? [] : [`${letter}=${value}`]));
  return words.some((word) => /[,"\\*?[\]\p{Cc}]|^.=\//u.test(word))
    ? undefined
    : `release ${words.join(",")}`;
}

const namesAtOnce = 50;

function namesStanzas(names: readonly string[], pin: string | undefined): readonly string[] {
  if (pin === undefined) return [];
  const count = Math.ceil(names.length / namesAtOnce);
  return Array.from({ length: count }, (_, part) =>
    stanza(names.slice(part * namesAtOnce, (part + 1) * namesAtOnce).join(" "), pin),
  );
}

const stanza = (names: string, pin: string): string => `Package: ${names}\nPin: ${pin}\nPin-Priority: -1\n`;
