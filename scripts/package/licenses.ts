import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Returns the licenses of each npm package that the program imports, and of Node.js, which is inside the executable. */
export function bundledLicenses({ withNode = true } = {}): string {
  const node = withNode ? [`Node.js ${process.version}\n\n${nodeLicense()}`] : [];
  return [...node, ...bundledNames().map(licenseOf)].join(`\n${"=".repeat(80)}\n\n`);
}

/** Returns the npm packages that the program imports, and those that they need, such as "undici@8.12.4". */
export const bundledPackages = (): readonly string[] =>
  bundledNames().map((name) => `${name}@${readManifest(name).version}`);

const bundledNames = (): readonly string[] => [...withDependencies("", new Set())].toSorted();

/** Packages that the bundle has with changes, which the LGPL wants to be said. */
const changes: Readonly<Record<string, string>> = { openpgp: "scripts/openpgp-without-tables.ts" };

const nodeLicense = (): string => licenseIn(join(process.execPath, "../../LICENSE"));

function withDependencies(name: string, found: Set<string>): ReadonlySet<string> {
  for (const needed of Object.keys(readManifest(name).dependencies ?? {})) {
    if (found.has(needed)) continue;
    found.add(needed);
    withDependencies(needed, found);
  }
  return found;
}

function licenseOf(name: string): string {
  const { version, license = "see its sources" } = readManifest(name);
  const folder = join(root, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `License: ${license}\n` : licenseIn(join(folder, file));
  const change =
    changes[name] === undefined ? "" : `Changed for mirrorctl: ${changes[name]} in its sources.\n\n`;
  return `${name} ${version}\n\n${change}${text}`;
}

const readManifest = (name: string): Manifest =>
  JSON.parse(
    readFileSync(join(root, name === "" ? "." : `node_modules/${name}`, "package.json"), "utf8"),
  ) as Manifest;

const licenseIn = (path: string): string => readFileSync(path, "utf8");
