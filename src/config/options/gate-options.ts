import * as v from "valibot";
import { type Exemption, parseExemption } from "../../gates/index.ts";
import { valueInvalid } from "../errors.ts";
import { dependencyType, parseDependency } from "../values/dependency.ts";
import { parseDuration } from "../values/duration.ts";
import {
  architectureType,
  installNameType,
  packageGlobType,
  packageNameType,
  parseArchitecture,
  parseInstallName,
  parsePackageGlob,
  parsePackageName,
} from "../values/names.ts";
import { filePathType, parseFilePath } from "../values/paths.ts";
import { listOf, option, parsed, table } from "./option.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const countType = "a whole number of at least 0";

const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));

const duration = parsed(parseDuration);
const durationType = 'a duration such as "30d", "2w", "168h" or "2h30m"';

const timeLimit = v.pipe(duration, v.minValue(1));

/** A relative path would depend on where mirrorctl was started. */
const program = v.pipe(v.string(), v.regex(/^(?:\/.+|[^/]+)$/));
const command = v.pipe(v.tupleWithRest([program], v.string()), v.readonly());

const exemptionType =
  '"mirror:" or "source:" with a name, in which * and ? match any characters, or "fixes:cve"';

function parseExemptionOption(text: string): Exemption {
  const exemption = parseExemption(text);
  if (exemption === undefined) throw valueInvalid(text, exemptionType);
  return exemption;
}

export const gatesTable = table(
  "What a snapshot must meet before it is promoted. `snapshot test` runs these gates, and so does `snapshot promote`. Without any of them, the signatures must hold and the files must be complete. A gate with `0`, `false` or an empty list is not applied, except for the limits that begin with `max_`: to lift one of these for a mirror, set it higher.",
  {
    min_packages: option(count, {
      type: countType,
      help: "A snapshot has at least this many binary packages. One that several indices list counts once.",
    }),
    require_packages: option(listOf(parsed(parsePackageName)), {
      type: `a list of names, each ${packageNameType}`,
      help: "A snapshot has each of these binary packages.",
    }),
    max_removed_percent: option(percent, {
      type: "a number from 0 to 100",
      help: "At most this many percent of the packages of each architecture in production are gone. Packages are counted by name, over all suites.",
    }),
    max_downgrades: option(count, {
      type: countType,
      help: "At most this many packages have a newest version that is older than in production. Each architecture counts.",
    }),
    max_changed_bytes: option(count, {
      type: countType,
      help: "At most this many packages have other bytes than in production at the same name, version, architecture and variant: a sign of a broken or hostile upstream.",
    }),
    same_origin: option(v.boolean(), {
      type: "true or false",
      help: "Origin, Label, Suite and Codename of each suite are those of production: apt refuses a change of them until a person accepts it.",
    }),
    max_release_age: option(duration, {
      type: durationType,
      help: "The Date of each suite is at most so long ago.",
    }),
    min_validity: option(duration, {
      type: durationType,
      help: "The Valid-Until of each suite is at least so far ahead. A suite without one is valid for ever.",
    }),
    min_staged: option(duration, {
      type: durationType,
      help: "Staging has shown these contents for so long without a break. A sync that stages something new starts the time again.",
    }),
    min_package_age: option(duration, {
      type: durationType,
      help: "The mirror has had the bytes of each package for so long, of those that production lacks. A cooldown against attacks on suppliers.",
    }),
    exempt: option(listOf(parsed(parseExemptionOption)), {
      type: `a list, each ${exemptionType}`,
      default: [],
      help: "What `min_package_age` does not hold back. `fixes:cve`: sources whose changelog names a CVE since the version in production.",
    }),
    installable: option(listOf(parsed(parseDependency)), {
      type: `a list, each item ${dependencyType}`,
      help: "Machines can install all of these together, from the snapshot and the mirrors of `with`.",
    }),
    no_new_uninstallable: option(v.boolean(), {
      type: "true or false",
      help: "Machines can install everything that they can install from production, unless it is gone. What is broken in production already, and what is new, may be broken.",
    }),
    with: option(listOf(v.string()), {
      type: "a list of mirrors",
      help: "Machines install from production of these mirrors too, as in their sources.list. Of mirrors that are promoted together, each is tested with what the others are about to show. In `[gates]` a mirror passes over its own name.",
    }),
    foreign: option(listOf(parsed(parseArchitecture)), {
      type: `a list of names, each ${architectureType}`,
      help: "Machines accept packages of these architectures beside their own, as with `dpkg --add-architecture`.",
    }),
    ignore: option(listOf(v.string()), {
      type: "a list of names of packages, in which `*` and `?` match any characters",
      help: "These may become uninstallable. Each test lists those that do.",
    }),
    ignore_reason: option(v.string(), {
      type: "a text",
      help: "Why they may. Each test repeats it.",
    }),
    apt: option(listOf(parsed(parseInstallName)), {
      type: `a list of names, each ${installNameType}`,
      help: "The apt of this machine updates from the snapshot without a warning, and can install these packages, as a new machine of each architecture. It runs in a temporary directory, and neither reads nor changes the configuration and the state of this machine's apt.",
    }),
    profiles: option(listOf(parsed(parseFilePath)), {
      type: `a list of paths, each ${filePathType}`,
      names: "profile",
      help: "Copies of /var/lib/dpkg/status of machines like yours: an upgrade (`apt-get dist-upgrade`) from the snapshot removes, keeps back and downgrades nothing beyond what an upgrade from production does. A copy of /var/lib/apt/extended_states is used too if it is beside: `web.extended_states` for `web.status`. A relative path begins at the folder of this file.",
    }),
    allow_remove: option(listOf(parsed(parsePackageGlob)), {
      type: `a list of patterns, each ${packageGlobType}`,
      help: "The packages that an upgrade of `profiles` may remove.",
    }),
    commands: option(v.array(command), {
      type: "a list of commands, each a list of a program, by name or absolute path, and its arguments",
      help: "Each of these commands exits with 0. 75 means not yet, anything else means no. No shell reads them. They start in a temporary directory, and get `MIRRORCTL_MIRROR`, `MIRRORCTL_SNAPSHOT`, `MIRRORCTL_PATH`, `MIRRORCTL_URL` and `MIRRORCTL_DIFF`.",
    }),
    command_time_limit: option(timeLimit, {
      type: `${durationType}, and more than 0`,
      default: "10m",
      help: "How long each command may take. Then it is ended, with everything that it started.",
    }),
    approvals: option(count, {
      type: countType,
      help: "So many different people ran `snapshot approve` for these contents, other than the one who promotes.",
    }),
  },
);
