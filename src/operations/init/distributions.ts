import type { MirrorDraft } from "../../config/index.ts";

export type DistributionName = "debian" | "ubuntu";

/** A release of a distribution, and what of it to mirror. */
export interface ReleaseChoice {
  readonly distribution: DistributionName;
  /** The codename, such as "trixie". */
  readonly release: string;
  readonly architectures: readonly string[];
  /** Unset: those that a new installation reads. */
  readonly sections: readonly string[] | undefined;
  readonly source: boolean;
  /** In place of the distribution's own server. */
  readonly url: string | undefined;
}

/** Codenames by version, the oldest first. The newest are here so that they need no new mirrorctl. */
const codenames: Readonly<Record<DistributionName, Readonly<Record<string, string>>>> = {
  debian: { "11": "bullseye", "12": "bookworm", "13": "trixie", "14": "forky" },
  ubuntu: { "20.04": "focal", "22.04": "jammy", "24.04": "noble", "25.10": "questing", "26.04": "resolute" },
};

/** Returns the codename of a release that was named by its codename or its version. */
export const codenameOf = (distribution: DistributionName, release: string): string =>
  codenames[distribution][release] ?? release.toLowerCase();

/** The keys of each distribution, and the package that has them. */
export const distributionKeys = {
  debian: { path: "/usr/share/keyrings/debian-archive-keyring.gpg", package: "debian-archive-keyring" },
  ubuntu: { path: "/usr/share/keyrings/ubuntu-archive-keyring.gpg", package: "ubuntu-keyring" },
} as const;

/** Drafts the mirrors of a release: one for each server that its suites are on. */
export const mirrorsOfRelease = (choice: ReleaseChoice): readonly MirrorDraft[] =>
  choice.distribution === "debian" ? mirrorsOfDebian(choice) : mirrorsOfUbuntu(choice);

/** These are never released, so they have neither updates nor a security suite. */
const rolling = ["sid", "unstable", "experimental"];

function mirrorsOfDebian(choice: ReleaseChoice): readonly MirrorDraft[] {
  const { release, url } = choice;
  const hasFirmware = !["bullseye", "buster"].includes(release);
  const sections = choice.sections ?? (hasFirmware ? ["main", "non-free-firmware"] : ["main"]);
  const notes = { sections: "Debian also has contrib and non-free" };
  const suites = rolling.includes(release)
    ? [release]
    : [release, `${release}-updates`, `${release}-backports`];
  const main = draft(choice, {
    id: `debian-${release}`,
    about: [`Debian ${release}`],
    url: url ?? "https://deb.debian.org/debian/",
    suites,
    sections,
    notes,
  });
  if (rolling.includes(release)) return [main];
  const security = draft(choice, {
    id: `debian-${release}-security`,
    about: [`Security updates of Debian ${release}, which are on another server`],
    url: "https://security.debian.org/debian-security/",
    suites: [`${release}-security`],
    sections,
    notes: {},
  });
  return [main, security];
}

/** The others are on another server, with the same names of suites. */
const onMainServer = /^(?:amd64|i386)/;

function mirrorsOfUbuntu(choice: ReleaseChoice): readonly MirrorDraft[] {
  const { release, architectures, url } = choice;
  const suites = ["", "-updates", "-security", "-backports"].map((pocket) => `${release}${pocket}`);
  const sections = choice.sections ?? ["main", "restricted", "universe", "multiverse"];
  const [main, ports] = [true, false].map((isMain) =>
    architectures.filter((name) => onMainServer.test(name) === isMain),
  );
  const notes = { sections: "universe and multiverse are the largest by far" };
  return [
    {
      id: `ubuntu-${release}`,
      about: [`Ubuntu ${release} with its four pockets`],
      url: "http://archive.ubuntu.com/ubuntu/",
      architectures: main ?? [],
    },
    {
      id: `ubuntu-${release}-ports`,
      about: [`Ubuntu ${release} for other processors, which is on another server`],
      url: "http://ports.ubuntu.com/ubuntu-ports/",
      architectures: ports ?? [],
    },
  ]
    .filter((one) => one.architectures.length > 0)
    .map((one) => draft({ ...choice, ...one }, { ...one, url: url ?? one.url, suites, sections, notes }));
}

interface Parts extends Pick<MirrorDraft, "id" | "about" | "notes"> {
  readonly url: string;
  readonly suites: readonly string[];
  readonly sections: readonly string[];
}

const draft = (
  { architectures, source }: ReleaseChoice,
  { id, about, url, suites, sections, notes }: Parts,
): MirrorDraft => ({
  id,
  about,
  values: {
    url,
    suites,
    sections,
    architectures,
    ...(source ? { mirror_source: true } : {}),
  },
  ...(notes === undefined ? {} : { notes }),
});
