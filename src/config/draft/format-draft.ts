import type { ConfigDraft, MirrorDraft } from "./draft.ts";
import { formatTable, toml } from "./format-table.ts";

/** Returns a whole configuration file, with comments for its first readers. */
export const formatConfig = ({ dir, baseUrl, mirrors }: ConfigDraft): string =>
  `# Configuration of mirrorctl. Check it with: mirrorctl check config

# A web server shows this directory to clients.
dir = ${toml(dir)}

# Each sync with something new makes a snapshot. Clients see it when it is promoted: mirrorctl snapshot promote <id>
[snapshot]
skip_unchanged = true

# A snapshot is kept if one of these keeps it. What is staged or in production is always kept.
[snapshot.prune]
keep_last = 5
keep_within = "30d"

# The URL at which the web server shows dir. client-config prints what clients need to read from there.
[publish]
${baseUrl === undefined ? '# base_url = "http://apt.example.org/"' : `base_url = ${toml(baseUrl)}`}

# What a snapshot must meet before it is promoted. There are more gates, such as "installable" and "apt".
[gates]
max_removed_percent = 25 # of the packages in production

${formatMirrors(mirrors)}`;

/** Returns the tables of mirrors, for a file that is read together with an existing one. */
export const formatPart = ({ baseUrl, mirrors }: Omit<ConfigDraft, "dir">): string =>
  `${baseUrl === undefined ? "" : `[publish]\nbase_url = ${toml(baseUrl)}\n\n`}${formatMirrors(mirrors)}`;

const formatMirrors = (mirrors: readonly MirrorDraft[]): string =>
  mirrors.map(({ id, ...table }) => formatTable({ ...table, name: `mirrors.${id}` })).join("\n");
