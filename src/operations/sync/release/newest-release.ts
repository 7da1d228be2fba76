import type { MirrorNews } from "../../../report/events.ts";
import { type Release, RepositoryError } from "../../../repository/index.ts";
import { type TrustCode, TrustError } from "../../../trust/index.ts";
import { UpstreamError, type UpstreamSource } from "../../../upstream/index.ts";
import type { SuiteContext } from "./held-suite.ts";

/** Downloads and verifies the Release of a suite, from the upstream of the context: all base URLs, or one of them. */
type DownloadSigned<Signed> = (context: SuiteContext) => Promise<Signed>;

interface Candidate<Signed> {
  readonly source: UpstreamSource;
  readonly signed: Signed;
  /** Emitted if the candidate is taken. */
  readonly news: readonly MirrorNews[];
}

/**
 * Downloads the Release of a suite. If it is out of date or damaged, another base URL may have a newer one, or a whole one.
 * Each is then asked separately, since what came may be of several, and the newest Release that verifies is taken. Its base
 * URL is asked first for the rest of the sync.
 */
export async function downloadNewest<Signed extends { readonly release: Release }>(
  context: SuiteContext,
  download: DownloadSigned<Signed>,
): Promise<Signed> {
  try {
    return await download(context);
  } catch (error) {
    if (!mayBeBetterElsewhere(error) || context.upstream.sources.length === 1) throw error;
    const newest = await findNewest(context, download);
    if (newest === undefined) throw error;
    return take(context, newest);
  }
}

/** What is wrong with keys, names or clocks is not better elsewhere, or the administrator must see it. */
const codesOfOneSource: ReadonlySet<TrustCode> = new Set([
  "FRAMING_INVALID",
  "ARMOR_INVALID",
  "PACKET_INVALID",
  "SIGNATURE_MISSING",
  "SIGNATURE_INVALID",
  "SIGNATURE_EXPIRED",
  "RELEASE_EXPIRED",
  "RELEASE_OLDER",
]);

const mayBeBetterElsewhere = (error: unknown): boolean =>
  error instanceof RepositoryError || (error instanceof TrustError && codesOfOneSource.has(error.code));

async function findNewest<Signed extends { readonly release: Release }>(
  context: SuiteContext,
  download: DownloadSigned<Signed>,
): Promise<Candidate<Signed> | undefined> {
  let newest: Candidate<Signed> | undefined;
  for (const source of context.upstream.sources) {
    const candidate = await tryOne(context, source, download);
    if (candidate !== undefined && (newest === undefined || isNewer(candidate, newest))) newest = candidate;
  }
  return newest;
}

async function tryOne<Signed>(
  context: SuiteContext,
  source: UpstreamSource,
  download: DownloadSigned<Signed>,
): Promise<Candidate<Signed> | undefined> {
  const news: MirrorNews[] = [];
  try {
    const signed = await download({ ...context, upstream: source, emit: (event) => void news.push(event) });
    return { source, signed, news };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    context.emit({ type: "release-refused", url: source.url, reason: error.message });
    return undefined;
  }
}

/** A wrong password ends the sync, whichever base URL wants another one. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof TrustError ||
  error instanceof RepositoryError ||
  (error instanceof UpstreamError && error.code !== "UNAUTHORIZED");

function isNewer<Signed extends { readonly release: Release }>(
  a: Candidate<Signed>,
  b: Candidate<Signed>,
): boolean {
  return (a.signed.release.date?.getTime() ?? 0) > (b.signed.release.date?.getTime() ?? 0);
}

function take<Signed extends { readonly release: Release }>(
  { emit, suite }: SuiteContext,
  { source, signed, news }: Candidate<Signed>,
): Signed {
  source.prefer();
  for (const event of news) emit(event);
  emit({ type: "release-taken", suite: suite.name, url: source.url, date: signed.release.date });
  return signed;
}
