import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A list of the parts of the executable, for programs that look for known weaknesses. */
export const billOfMaterials = (format: "spdx" | "cyclonedx", date: Date): string =>
  `${JSON.stringify(format === "spdx" ? spdx(date) : cycloneDx(date), undefined, 2)}\n`;

interface Spdx {
  readonly documentNamespace: string;
  readonly creationInfo: object;
  readonly documentDescribes: readonly string[];
  readonly packages: readonly object[];
  readonly relationships: readonly object[];
}

function spdx(date: Date): Spdx {
  const document = packagesOf("spdx") as Spdx;
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
    spdxElementId: index === 0 ? described : parts[0]?.SPDXID,
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

interface CycloneDx {
  readonly serialNumber: string;
  readonly metadata: { readonly component: object };
  readonly components: readonly object[];
}

function cycloneDx(date: Date): CycloneDx {
  const document = packagesOf("cyclonedx") as CycloneDx;
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

/** What npm knows. Without Node, which is an optional dependency for each processor. */
const packagesOf = (format: "spdx" | "cyclonedx"): unknown =>
  JSON.parse(
    execFileSync(
      "npm",
      ["sbom", `--sbom-format=${format}`, "--sbom-type=application", "--omit=dev", "--omit=optional"],
      { cwd: root, maxBuffer: 16e6 },
    ).toString(),
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
