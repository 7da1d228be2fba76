import { parseSources } from "../../apt-sources/index.ts";
import { ConfigError } from "../../config/index.ts";
import { whyUnreadable } from "../../errors.ts";
import type { InvokerFiles } from "../../platform/invoker-files.ts";
import { type InitNote, initNoteText } from "../../report/words/init-notes.ts";
import { codenameOf, type DistributionName, distributionKeys, mirrorsOfRelease } from "./distributions.ts";
import { mirrorsOfEntries, type SourcedMirror } from "./from-sources.ts";
import { readOsRelease } from "./this-machine.ts";

/** What to mirror: what a text of sources.list says, or a release of a distribution. */
export interface MirrorChoice {
  /** A line, a stanza, or the path of a file of either. */
  readonly from: string | undefined;
  readonly distribution: DistributionName | undefined;
  /** A codename or a version. */
  readonly release: string | undefined;
  readonly architectures: readonly string[];
  readonly sections: readonly string[] | undefined;
  readonly source: boolean;
  readonly url: string | undefined;
}

interface ChosenMirrors {
  readonly mirrors: readonly SourcedMirror[];
  readonly notes: readonly InitNote[];
}

/** Drafts the mirrors. Throws ConfigError if it is not clear which. */
export const chooseMirrors = (choice: MirrorChoice, files: InvokerFiles): ChosenMirrors =>
  choice.from === undefined ? ofRelease(choice, files) : ofSources(choice, choice.from, files);

function ofSources(choice: MirrorChoice, from: string, files: InvokerFiles): ChosenMirrors {
  const { name, text } = readSources(from, files);
  const { entries, problems } = parseSources(text, formOfFile(name));
  if (problems.length > 0)
    throw new ConfigError("SOURCES_MALFORMED", `${name} cannot be read as apt would read it`, {
      facts: { name },
      items: problems.map(({ line, problem }) => `line ${line}: ${problem}`),
      hint: text.trimStart().startsWith("ppa:")
        ? ppaHint
        : "What apt reads is described in sources.list(5), and examples are in /etc/apt/sources.list.d.",
    });
  const { mirrors, notes } = mirrorsOfEntries(entries, choice.architectures);
  if (mirrors.length > 0) return { mirrors: mirrors.map((mirror) => withFlags(mirror, choice)), notes };
  throw new ConfigError("SOURCES_MALFORMED", `${name} has nothing to mirror`, {
    facts: { name },
    items: notes.filter(isLeftOut).map(initNoteText),
    hint: "Expected a line such as: deb [signed-by=/etc/apt/keyrings/vendor.asc] https://apt.vendor.example/ stable main",
  });
}

const isLeftOut = ({ kind }: InitNote): boolean => kind === "entry-disabled" || kind === "method-unsupported";

const ppaHint = "The line of a PPA is: deb https://ppa.launchpadcontent.net/OWNER/NAME/ubuntu noble main";

/** Lines and stanzas have blanks, and nobody names a file like that. */
function readSources(from: string, files: InvokerFiles): { readonly name: string; readonly text: string } {
  if (/\s|^ppa:/.test(from.trim())) return { name: "the text of --from", text: from };
  const name = from === "-" ? "/dev/stdin" : from;
  try {
    return { name, text: files.read(name).toString("utf8") };
  } catch (error) {
    const reason = whyUnreadable(error);
    if (reason === undefined) throw error;
    throw new ConfigError("FILE_UNREADABLE", `cannot read ${name}: ${reason}`, {
      facts: { path: name },
      hint: "--from takes a line, a stanza, or a file such as /etc/apt/sources.list.d/vendor.sources.",
      cause: error,
    });
  }
}

const formOfFile = (name: string): "lines" | "stanzas" | undefined => {
  if (name.endsWith(".sources")) return "stanzas";
  return name.endsWith(".list") ? "lines" : undefined;
};

/** What is given as a flag counts for each mirror. */
function withFlags(
  { draft, signedBy }: SourcedMirror,
  { sections, source, url }: MirrorChoice,
): SourcedMirror {
  const values = {
    ...draft.values,
    ...(url === undefined ? {} : { url }),
    ...(sections === undefined || draft.values.sections === undefined ? {} : { sections }),
    ...(source ? { mirror_source: true } : {}),
  };
  return { draft: { ...draft, values }, signedBy };
}

function ofRelease(choice: MirrorChoice, files: InvokerFiles): ChosenMirrors {
  const machine = readOsRelease(readOsReleaseFile(files));
  const distribution = choice.distribution ?? machine.distribution;
  const release = choice.release ?? (distribution === machine.distribution ? machine.release : undefined);
  if (distribution === undefined || release === undefined)
    throw new ConfigError(
      "RELEASE_UNKNOWN",
      `it is not clear what to mirror: ${distribution === undefined ? "this machine runs neither Debian nor Ubuntu" : `no release of ${distribution} is named`}`,
      {
        hint: "Name it: mirrorctl init --distribution debian --release trixie\nOr give what clients have: mirrorctl init --from 'deb https://apt.vendor.example/ stable main'",
      },
    );
  const drafts = mirrorsOfRelease({ ...choice, distribution, release: knownCodename(distribution, release) });
  const { path } = distributionKeys[distribution];
  const signedBy = { paths: [path], fingerprints: [], key: undefined };
  return { mirrors: drafts.map((draft) => ({ draft, signedBy })), notes: [] };
}

/** A codename is a part of names of suites and mirrors. */
function knownCodename(distribution: DistributionName, release: string): string {
  const codename = codenameOf(distribution, release);
  if (/^[a-z]+$/.test(codename)) return codename;
  throw new ConfigError(
    "RELEASE_UNKNOWN",
    `${JSON.stringify(release)} is not a known version of ${distribution}`,
    {
      facts: { found: release },
      hint: `Name its codename: mirrorctl init --distribution ${distribution} --release ${distribution === "debian" ? "trixie" : "noble"}`,
    },
  );
}

function readOsReleaseFile(files: InvokerFiles): string {
  try {
    return files.read("/etc/os-release").toString("utf8");
  } catch (error) {
    if (whyUnreadable(error) === undefined) throw error;
    return "";
  }
}
