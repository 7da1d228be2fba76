import { completes, type ServerCase } from "./case.ts";
import { answering, meeting } from "./misbehaviour.ts";
import { tool } from "./repository.ts";

const cutOnce = { path: tool.path, truncateAt: 100, times: 1 } as const;

/** Cases about requests for the rest of a package whose first bytes have arrived. */
export const rangeCases: readonly ServerCase[] = [
  {
    server: "sends the whole package in place of the rest of it",
    sync: completes(),
    requests: { of: tool, count: 2 },
    misbehave: meeting(cutOnce, { path: tool.path, ignoreRange: true }),
  },
  {
    server: "answers 416 to a request for the rest",
    sync: completes(),
    requests: { of: tool, count: 3 },
    misbehave: meeting(cutOnce, { path: tool.path, status: 416, times: 1 }),
  },
  {
    server: "sends another part than the rest",
    sync: completes(),
    requests: { of: tool, count: 3 },
    misbehave: meeting(cutOnce, {
      path: tool.path,
      status: 206,
      headers: { "Content-Range": "bytes 50-53/54" },
      body: "part",
      times: 1,
    }),
  },
  {
    server: "sends the rest of another package",
    sync: completes(),
    requests: { of: tool, count: 3 },
    misbehave(site) {
      meeting(cutOnce)(site);
      const sizeBytes = site.bytesAt(tool.path).length;
      answering(
        tool.path,
        (_site, _request, response) =>
          response
            .writeHead(206, { "content-range": `bytes 100-${sizeBytes - 1}/${sizeBytes}` })
            .end(Buffer.alloc(sizeBytes - 100)),
        { times: 1 },
      )(site);
    },
  },
];
