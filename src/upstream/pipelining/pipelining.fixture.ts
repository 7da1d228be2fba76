/** Many requests at once, and HTTP/1.1 servers that answer them. Only tests import this. */
import { expect } from "vitest";
import type { PipeliningServer, ServerConnection } from "../../../test/support/index.ts";
import {
  createConnectionPools,
  createUpstream,
  type DownloadRequest,
  type DownloadResult,
  type RetryEvent,
  type UpstreamSettings,
} from "../index.ts";
import { MemorySink, testRetryPolicy, testSettings } from "../test-support.ts";
import { defaultPipelining } from "./pipelining.ts";

const { signal } = new AbortController();
/** Lets every server count as distant. */
export const rules = { ...defaultPipelining, roundTripMs: 0 };

export const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `file-${index}`);

/** Most files have different lengths. Nothing may wait behind a large one. */
export function bodyOf(target: string): Buffer {
  const repetitions = target.includes("large") ? 100_000 : 1 + (Number(target.split("-")[1]) % 50);
  return Buffer.from(`${target} `.repeat(repetitions));
}

export function requestFor(
  path: string,
  changes: Partial<DownloadRequest> = {},
): DownloadRequest & { sink: MemorySink } {
  const sizeBytes = bodyOf(`/${path}`).length;
  return { path, sizeBytes, bytesMax: 1_000_000, ...changes, sink: new MemorySink() };
}

export interface Fetched {
  readonly requests: readonly (DownloadRequest & { readonly sink: MemorySink })[];
  readonly results: readonly DownloadResult[];
  readonly retries: readonly RetryEvent[];
  readonly events: readonly Parameters<UpstreamSettings["onPipelining"]>[0][];
}

/** Requests everything at once, so that a connection always has a next request. No failure is retried. */
export async function fetchAll(
  server: PipeliningServer,
  requests: Fetched["requests"],
  changes: Partial<UpstreamSettings> = {},
  patienceMs = rules.patienceMs,
): Promise<Fetched> {
  await using pools = createConnectionPools({ ...rules, patienceMs });
  const retries: RetryEvent[] = [];
  const events: Parameters<UpstreamSettings["onPipelining"]>[0][] = [];
  const retry = { ...testRetryPolicy(), attemptsMax: 1 };
  const onPipelining: UpstreamSettings["onPipelining"] = (event) => void events.push(event);
  const settings = testSettings([server.url], { maxConns: 1, retry, onPipelining, ...changes }, retries);
  const upstream = createUpstream(settings, pools);
  const results = await Promise.all(requests.map((request) => upstream.download(request, signal)));
  return { requests, results, retries, events };
}

export function expectComplete({ requests, results, retries }: Fetched): void {
  expect(requests.map(({ sink }) => sink.text)).toEqual(
    requests.map(({ path }) => bodyOf(`/${path}`).toString()),
  );
  expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(["accepted"]));
  expect(retries).toEqual([]);
}

export function answerNext(connection: ServerConnection): void {
  const target = connection.pending.shift();
  if (target !== undefined) connection.answer(200, bodyOf(target));
}

export function answerAll(connection: ServerConnection): void {
  while (connection.pending.length > 0) answerNext(connection);
}

export const requests = (count = 100): Fetched["requests"] => names(count).map((name) => requestFor(name));
export const depths = (server: PipeliningServer): number[] =>
  server.connections.map(({ deepest }) => deepest);
