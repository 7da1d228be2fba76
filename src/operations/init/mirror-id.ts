import { isMirrorId } from "../../config/index.ts";

/** Parts of a host that say nothing about whose repository it is. */
const generic =
  /^(?:www|apt|apt-\w+|deb|debs|dl|download|downloads|packages?|pkgs?|repos?|repository|archive|artifacts|releases|mirrors?|linux|ftp|security|com|org|net|io|dev|co|cloud|sh|us|eu|uk|de|local|internal|lan|example)$/;

/** Suites that most repositories have under the same name. */
const usualSuites = ["stable", "/", "./", "any", "all", "nodistro"];

/** Makes an id that people recognise, of the server and the suite: docker-trixie, debian-trixie-security, grafana. */
export function mirrorIdOf(uri: string, suites: readonly string[], taken: ReadonlySet<string>): string {
  const [suite = ""] = suites;
  const words = [ownerOf(uri), ...(usualSuites.includes(suite) ? [] : [suite])];
  const id = words
    .map(plain)
    .filter((word) => word !== "")
    .join("-");
  const base = isMirrorId(id) ? id : "mirror";
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(name)) return name;
  }
}

function ownerOf(uri: string): string {
  const { hostname, pathname } = new URL(uri);
  const [owner = "", archive = ""] = pathname.split("/").filter((part) => part !== "");
  if (/^ppa\.launchpad(?:content)?\.net$/.test(hostname)) return `ppa-${owner}-${archive}`;
  if (/^[\d.]+$|^\[/.test(hostname) || hostname === "localhost") return "mirror";
  const labels = hostname.split(".");
  return labels.findLast((label) => !generic.test(label)) ?? labels.at(-2) ?? hostname;
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
