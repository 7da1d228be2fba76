import { afterAll, beforeAll, expect, test } from "vitest";
import { type RecordedRequest, temporaryDirectory } from "../../support/index.ts";
import type { Ending, RequestedFile, ServerCase, Surroundings } from "./case.ts";
import { type CaseSite, openCaseSite } from "./case-site.ts";
import { createRepository, inRelease, type Repository, type StateName } from "./repository.ts";

/** Runs each case against a separate server on the loopback interface. */
export function describeServerCases(cases: readonly ServerCase[]): void {
  const resources = new AsyncDisposableStack();
  let usual: Repository;
  let withoutByHash: Repository;

  beforeAll(async () => {
    const directory = resources.use(await temporaryDirectory("mirrorctl-states-"));
    usual = await createRepository(directory, { acquireByHash: true });
    withoutByHash = await createRepository(directory, { acquireByHash: false });
  });
  afterAll(() => resources.disposeAsync());

  test.for(cases.map((each) => [titleOf(each), each] as const))("%s", async ([, each]) => {
    const repository = each.withoutByHash === true ? withoutByHash : usual;
    await using site = await openCaseSite(repository);
    site.show("old");
    expect(await site.sync({})).toMatchObject({ exitCode: 0 });
    site.show("new");
    site.server.clearRequests();
    await expectEnding(site, each, repository);
    if (each.sync.kind === "fails") await expectRecovery(site, repository);
  });
}

const titleOf = ({ server, sync }: ServerCase): string => `a server that ${server}: sync ${sync.kind}`;

async function expectEnding(site: CaseSite, each: ServerCase, repository: Repository): Promise<void> {
  const { complaints, ...surroundings } = (await each.misbehave(site)) ?? {};
  const { exitCode, said, waitsMs } = await site.sync(surroundings, { impatient: each.impatient === true });
  expect({ exitCode, said }).toEqual({ exitCode: each.sync.kind === "completes" ? 0 : 1, said });
  for (const text of each.sync.says ?? []) expect(said).toContain(text);
  await expectShown(site, shownAfter(each.sync, repository));
  expect(countOf(site, each.requests?.of)).toBe(each.requests?.count);
  expect(site.server.requests.filter(isAskedWrongly)).toEqual([]);
  expect(each.waitsMs === undefined ? undefined : waitsMs).toEqual(each.waitsMs);
  expect(complaints?.(said) ?? []).toEqual([]);
  if (isAskedForAgain(each.sync)) await expectRest(site, surroundings, repository);
}

const countOf = ({ server }: CaseSite, file: RequestedFile | undefined): number | undefined =>
  file && server.requests.filter(({ path }) => path === file.path).length;

const isAskedForAgain = (ending: Ending): boolean =>
  ending.kind === "completes" && ending.without?.isAskedForAgain === true;

/** Checks that the next sync downloads what the server lacked, with the same Release. */
async function expectRest(site: CaseSite, surroundings: Surroundings, repository: Repository): Promise<void> {
  site.endFaults();
  const { exitCode, said } = await site.sync(surroundings);
  expect({ exitCode, said }).toEqual({ exitCode: 0, said });
  await expectShown(site, repository.treeOf("new"));
}

/** Checks the headers of requests: a User-Agent that package networks know, and requests for InRelease past caches. */
const isAskedWrongly = ({ path, headers }: RecordedRequest): boolean =>
  !/^mirrorctl\/[\d.]+ \(\+Debian APT-HTTP compatible\)$/.test(headers["user-agent"] ?? "") ||
  (path === inRelease.path && headers["cache-control"] !== "no-cache");

/** Checks that the failure leaves no trace: once the server behaves, the next sync completes. */
async function expectRecovery(site: CaseSite, repository: Repository): Promise<void> {
  site.endFaults();
  site.show("newer");
  const { exitCode, said } = await site.sync({});
  expect({ exitCode, said }).toEqual({ exitCode: 0, said });
  await expectShown(site, repository.treeOf("newer"));
}

function shownAfter(ending: Ending, repository: Repository): ReadonlyMap<string, string> {
  const state: StateName = ending.kind === "completes" ? ending.state : "old";
  const lacking = ending.kind === "completes" ? ending.without?.files : undefined;
  return new Map([...repository.treeOf(state)].filter(([path]) => lacking?.test(path) !== true));
}

/**
 * Checks that a whole state is shown, byte for byte as upstream has it, and no other file that a web server could
 * serve.
 */
async function expectShown(site: CaseSite, expected: ReadonlyMap<string, string>): Promise<void> {
  expect(await site.production()).toEqual(expected);
  expect(site.publicNames()).toEqual([".live", "current", "dists", "pool"]);
}
