/** Many requests at once, and what servers of HTTP/1.1 answer them. Only tests import this. */
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
/** Every server is far enough. */
export const rules = { ...defaultPipelining, roundTripMs: 0 };

export const names = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `file-${index}`);

/** Of another length for each file but a few; a large one is more than anything may wait behind. */
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

/** Asks for everything at once, so that a connection never lacks a next request; no failure is tried again. */
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
