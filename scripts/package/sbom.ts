import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { bundledPackages } from "./licenses.ts";

const root = join(import.meta.dirname, "../..");

/** A list of the parts of the executable, for programs that look for known weaknesses. */
export const billOfMaterials = (format: "spdx" | "cyclonedx", date: Date): string =>
  `${JSON.stringify(format === "spdx" ? spdx(date) : cycloneDx(date), undefined, 2)}\n`;

interface Spdx {
  readonly documentNamespace: string;
  readonly creationInfo: object;
  readonly documentDescribes: readonly string[];
  readonly packages: readonly {
    readonly SPDXID: string;
    readonly name: string;
    readonly versionInfo: string;
  }[];
  readonly relationships: readonly {
    readonly spdxElementId: string;
    readonly relatedSpdxElement: string;
    readonly relationshipType: string;
  }[];
}

function spdx(date: Date): Spdx {
  const document = bundledIn(packagesOf("spdx") as Spdx);
  const [described = ""] = document.documentDescribes;
  const parts = nodeParts().map(({ name, version, license, purl }) => ({
    name,
    SPDXID: `SPDXRef-Package-${name}-${version}`,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseDeclared: license ?? "NOASSERTION",
    externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
  }));
  const contained = parts.map(({ SPDXID }, index) => ({
    spdxElementId: index === 0 ? described : (parts[0]?.SPDXID ?? described),
    relatedSpdxElement: SPDXID,
    relationshipType: "CONTAINS",
  }));
  const complete = {
    ...document,
    documentNamespace: "",
    creationInfo: { ...document.creationInfo, created: date.toISOString() },
    packages: [...document.packages, ...parts],
    relationships: [...document.relationships, ...contained],
  };
  return { ...complete, documentNamespace: `https://mirrorctl.dev/spdx/${uuidOf(complete)}` };
}

/** Leaves out the tools of the checkout. */
function bundledIn(document: Spdx): Spdx {
  const bundled = new Set(bundledPackages());
  const packages = document.packages.filter(
    ({ SPDXID, name, versionInfo }) =>
      document.documentDescribes.includes(SPDXID) || bundled.has(`${name}@${versionInfo}`),
  );
  const ids = new Set(["SPDXRef-DOCUMENT", ...packages.map(({ SPDXID }) => SPDXID)]);
  const relationships = document.relationships.filter(
    ({ spdxElementId, relatedSpdxElement }) => ids.has(spdxElementId) && ids.has(relatedSpdxElement),
  );
  return { ...document, packages, relationships };
}

interface Component {
  readonly "bom-ref": string;
}

interface CycloneDx {
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

function cycloneDx(date: Date): object {
  const npm = packagesOf("cyclonedx") as CycloneDx;
  const refs = new Set([npm.metadata.component["bom-ref"], ...bundledPackages()]);
  const document = {
    ...npm,
    components: npm.components.filter((component) => refs.has(component["bom-ref"])),
    dependencies: npm.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
  const [node, ...parts] = nodeParts().map(({ name, version, license, purl }) => ({
    "bom-ref": `${name}@${version}`,
    type: name === "node" ? "platform" : "library",
    name,
    version,
    purl,
    licenses: license === undefined ? [] : [{ license: { id: license } }],
  }));
  const complete = {
    ...document,
    serialNumber: "",
    metadata: {
      ...document.metadata,
      timestamp: date.toISOString(),
      component: { ...document.metadata.component, name: "mirrorctl" }, // npm names it after the folder
    },
    components: [...document.components, { ...node, components: parts }],
  };
  return { ...complete, serialNumber: `urn:uuid:${uuidOf(complete)}` };
}

/**
 * What npm knows, also about the tools: with --omit=dev it would leave out each package that the program and a tool need.
 */
const packagesOf = (format: "spdx" | "cyclonedx"): unknown =>
  JSON.parse(
    execFileSync("npm", ["sbom", `--sbom-format=${format}`, "--sbom-type=application"], {
      cwd: root,
      maxBuffer: 16e6,
    }).toString(),
  );

interface Part {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly purl: string;
}

/** Node, and what it contains: it says so itself. Versions of interfaces and of tables are left out. */
function nodeParts(): readonly [Part, ...Part[]] {
  const { node, ...parts } = process.versions;
  const others = Object.entries(parts)
    .filter(([name, version]) => !notParts.has(name) && version !== undefined && version !== "")
    .map(([name, version = ""]) => ({ name, version, purl: `pkg:generic/${name}@${version}` }));
  return [{ name: "node", version: node, license: "MIT", purl: `pkg:generic/node@${node}` }, ...others];
}

const notParts = new Set(["modules", "napi", "unicode", "tz", "cldr"]);

/** A name that is the same for the same contents, in the form of a UUID. */
const uuidOf = (document: object): string =>
  createHash("sha256")
    .update(JSON.stringify(document))
    .digest("hex")
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, "$1-$2-8$3-8$4-$5"); // version 8, RFC 9562
