import { type Release, RepositoryError } from "../../../repository/index.ts";
import { type TrustCode, TrustError } from "../../../trust/index.ts";
import { UpstreamError, type UpstreamSource } from "../../../upstream/index.ts";
import type { MirrorNews } from "../../context.ts";
import type { LookContext } from "../sync-context.ts";

/** Fetches a suite's Release and verifies it: from whichever base URL answers, or from the one of the context. */
type Fetch<Signed> = (context: LookContext) => Promise<Signed>;

interface Candidate<Signed> {
  readonly source: UpstreamSource;
  readonly signed: Signed;
  /** What is told of it if it is taken. */
  readonly news: readonly MirrorNews[];
}

/**
 * Fetches a suite's Release. One that is out of date or damaged at the base URL that answers first may be newer and whole
 * at another: each is then asked for itself, since what came may have been put together of several, and the newest Release
 * that verifies is taken. Its base URL is asked first for the rest of the sync.
 */
export async function fetchNewest<Signed extends { readonly release: Release }>(
  context: LookContext,
  suite: string,
  fetch: Fetch<Signed>,
): Promise<Signed> {
  try {
    return await fetch(context);
  } catch (error) {
    if (!mayBeBetterElsewhere(error) || context.upstream.sources.length === 1) throw error;
    const newest = await findNewest(context, fetch);
    if (newest === undefined) throw error;
    return take(context, suite, newest);
  }
}

/** What is wrong with keys, names or clocks is not passed over: it is no better elsewhere, or somebody must look at it. */
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
  context: LookContext,
  fetch: Fetch<Signed>,
): Promise<Candidate<Signed> | undefined> {
  let newest: Candidate<Signed> | undefined;
  for (const source of context.upstream.sources) {
    const candidate = await tryOne(context, source, fetch);
    if (candidate !== undefined && (newest === undefined || isNewer(candidate, newest))) newest = candidate;
  }
  return newest;
}

async function tryOne<Signed>(
  context: LookContext,
  source: UpstreamSource,
  fetch: Fetch<Signed>,
): Promise<Candidate<Signed> | undefined> {
  const news: MirrorNews[] = [];
  try {
    const signed = await fetch({ ...context, upstream: source, emit: (event) => void news.push(event) });
    return { source, signed, news };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    context.emit({ type: "release-refused", url: source.url, reason: error.message });
    return undefined;
  }
}

/** A wrong password ends the sync, whichever base URL wants another. */
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
  { emit }: LookContext,
  suite: string,
  { source, signed, news }: Candidate<Signed>,
): Signed {
  source.prefer();
  for (const event of news) emit(event);
  emit({ type: "release-taken", suite, url: source.url, date: signed.release.date });
  return signed;
}
