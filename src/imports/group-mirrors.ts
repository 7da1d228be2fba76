import type { Credential, DraftMirror } from "./imported.ts";
import { mirrorId, type TakenIds } from "./mirror-ids.ts";

/** One suite of one upstream, as a line of a configuration selects it. */
export interface SelectedSuite {
  /** Without credentials. */
  readonly url: string;
  readonly suite: string;
  /** Empty for a flat suite. */
  readonly sections: readonly string[];
  readonly architectures: readonly string[];
  readonly source: boolean;
  readonly line: number;
}

interface Selection {
  readonly url: string;
  readonly suite: string;
  readonly sections: Set<string>;
  readonly architectures: Set<string>;
  readonly lines: Set<number>;
  source: boolean;
}

/** Makes one mirror of all suites of an upstream that have the same sections, architectures and sources. */
export function groupMirrors(selected: readonly SelectedSuite[]): readonly DraftMirror[] {
  const suites = new Map<string, Selection>();
  for (const { url, suite, sections, architectures, source, line } of selected) {
    const one = suites.getOrInsertComputed(`${url} ${suite}`, () => ({
      url,
      suite,
      sections: new Set(),
      architectures: new Set(),
      lines: new Set(),
      source: false,
    }));
    for (const section of sections) one.sections.add(section);
    for (const architecture of architectures) one.architectures.add(architecture);
    one.lines.add(line);
    one.source ||= source;
  }
  const groups = Map.groupBy(suites.values(), (one) =>
    JSON.stringify([one.url, [...one.sections].toSorted(), [...one.architectures].toSorted(), one.source]),
  );
  const ids: TakenIds = new Map();
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      {
        id: mirrorId(first.url, first.suite, ids),
        url: first.url,
        suites: group.map(({ suite }) => suite),
        sections: [...first.sections],
        architectures: [...first.architectures],
        source: first.source,
        lines: group.flatMap(({ lines }) => [...lines]).toSorted((a, b) => a - b),
      },
    ];
  });
}

/** Takes the user and password out of a URL. Undefined if it is not an http or https URL. */
export function withoutCredentials(
  text: string,
): { readonly url: string; readonly credential: Credential | undefined } | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const { username, password } = url;
  url.username = "";
  url.password = "";
  url.search = "";
  url.hash = "";
  const href = url.href.endsWith("/") ? url.href : `${url.href}/`;
  if (username === "" && password === "") return { url: href, credential: undefined };
  return {
    url: href,
    credential: { origin: url.origin, login: decoded(username), password: decoded(password) },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}
