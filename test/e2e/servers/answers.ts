import { completes, fails, type ServerCase } from "./case.ts";
import { answering, meeting } from "./misbehaviour.ts";
import { anyFile, extra, inRelease, packagesIndex, tool } from "./repository.ts";

const tomorrow = (): string => new Date(Date.now() + 86_400_000).toUTCString();

const listed = (path: string): string => path.slice(1);

/** Cases about statuses, and about pages instead of files. */
export const answerCases: readonly ServerCase[] = [
  {
    server: "answers 503 twice, then with the file",
    sync: completes(),
    requests: { of: inRelease, count: 3 },
    misbehave: meeting({ path: inRelease.path, status: 503, times: 2 }),
  },
  {
    server: "answers 500 for a package, always",
    sync: fails("the server answers 500 Internal Server Error (5 attempts)"),
    requests: { of: tool, count: 5 },
    misbehave: meeting({ path: tool.path, status: 500 }),
  },
  {
    server: "answers 429 with `Retry-After: 7`",
    sync: completes(),
    requests: { of: tool, count: 2 },
    waitsMs: [7_000],
    misbehave: meeting({ path: tool.path, status: 429, headers: { "Retry-After": "7" }, times: 1 }),
  },
  {
    server: "answers 503 with the date of tomorrow as `Retry-After`",
    sync: completes(),
    requests: { of: tool, count: 2 },
    waitsMs: [120_000],
    misbehave: answering(
      tool.path,
      (_site, _request, response) => response.writeHead(503, { "Retry-After": tomorrow() }).end(),
      { times: 1 },
    ),
  },
  {
    server: "answers 401",
    sync: fails("the server answers 401, it wants a user and password"),
    requests: { of: inRelease, count: 1 },
    misbehave: meeting({ path: anyFile, status: 401 }),
  },
  {
    server: "answers 403 for InRelease",
    sync: fails("the server forbids it (403)"),
    requests: { of: inRelease, count: 1 },
    misbehave: meeting({ path: inRelease.path, status: 403 }),
  },
  {
    server: "answers 403 for whatever clients can do without",
    sync: completes({
      without: {
        files: /^dists\/stable\/(?:Release|main\/(?:Contents|by-hash\/))/,
        inWords: "Contents, Release and Release.gpg",
      },
      says: ["stable: upstream lists but does not have main/Contents-amd64"],
    }),
    misbehave: meeting({ path: /by-hash|Contents|\/Release(?:\.gpg)?$|Packages$/, status: 403 }),
  },
  {
    server: "answers 403 for Packages in every form",
    sync: fails("stable: upstream lists main/binary-amd64/Packages but has it in no form (403"),
    misbehave: meeting({ path: packagesIndex, status: 403 }),
  },
  {
    server: "answers 404 or 410 for packages that it lists",
    sync: fails(
      "upstream lists 2 files that it does not have as listed",
      `${listed(extra.path)}: 410`,
      `${listed(tool.path)}: 404`,
    ),
    misbehave: meeting({ path: tool.path, status: 404 }, { path: extra.path, status: 410 }),
  },
  {
    server: "answers 404 for a package that it lists, and `allow_missing` is set",
    sync: completes({
      without: { files: /\/tool_/, inWords: "the package", isAskedForAgain: true },
      says: [`${listed(tool.path)}: 404`, "published without them, because allow_missing is set"],
    }),
    misbehave(site) {
      site.fault({ path: tool.path, status: 404 });
      return { mirror: { allow_missing: true } };
    },
  },
  {
    server: "answers with an error page and 200 for a package",
    sync: fails(`${listed(tool.path)}: GET`, "the body has 41 bytes, expected"),
    requests: { of: tool, count: 2 },
    misbehave: meeting({ path: tool.path, html: true }),
  },
  {
    server: "answers with a login page and 200 for everything",
    sync: fails("InRelease is not a clearsigned file"),
    requests: { of: inRelease, count: 1 },
    misbehave: meeting({ path: anyFile, html: true }),
  },
  {
    server: "answers with nothing and 200 for InRelease",
    sync: fails("InRelease is not a clearsigned file"),
    misbehave: meeting({ path: inRelease.path, status: 200 }),
  },
  {
    server: "answers 206 although the whole file was asked for",
    sync: fails("the server answers 206 Partial Content"),
    requests: { of: tool, count: 1 },
    misbehave(site) {
      const range = `bytes 0-3/${site.bytesAt(tool.path).length}`;
      site.fault({ path: tool.path, status: 206, headers: { "Content-Range": range }, body: "part" });
    },
  },
];
