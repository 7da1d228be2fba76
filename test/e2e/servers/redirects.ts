import { makeCertificates } from "../../../src/upstream/test-support.ts";
import { completes, fails, type ServerCase } from "./case.ts";
import { answering, meeting, sendFile } from "./misbehaviour.ts";
import { startRelay } from "./relay.ts";
import { anyFile, inRelease, tool } from "./repository.ts";

const secret = "correct-horse";
const query = "Signature=a%2Bb&Expires=9";

/** Cases about redirects. */
export const redirectCases: readonly ServerCase[] = [
  {
    server: "redirects every request, by a relative Location",
    sync: completes(),
    requests: { of: inRelease, count: 2 },
    misbehave: answering(anyFile, (site, request, response) => {
      if (request.url?.includes("?") === true) sendFile(site, request, response);
      else response.writeHead(302, { location: "?again" }).end();
    }),
  },
  {
    server: "wants a password, and redirects packages to another host with a signature in the query",
    sync: completes(),
    async misbehave(site) {
      const other = await site.serveAgain();
      answering(/^\/pool\//, (_site, { url }, response) =>
        response.writeHead(302, { location: `${other.url}${url}?${query}` }).end(),
      )(site);
      return {
        mirror: { url: site.server.url.replace("://", `://user:${secret}@`) },
        complaints: (said) => [
          ...(site.server.requests.every(({ headers }) => headers.authorization !== undefined)
            ? []
            : ["the server did not get the password"]),
          ...(other.requests.length > 0 ? [] : ["the other host was not asked"]),
          ...other.requests.flatMap(({ target, headers }) => [
            ...(target.endsWith(query) ? [] : [`${target} lacks the signature`]),
            ...(headers.authorization === undefined ? [] : [`${target} was asked for with the password`]),
          ]),
          ...(said.includes(secret) || said.includes("Signature") ? ["a secret is in the log"] : []),
        ],
      };
    },
  },
  {
    server: "redirects packages to another host by a signature for one request, which that host breaks off",
    sync: completes(),
    requests: { of: tool, count: 2 },
    async misbehave(site) {
      const other = await site.serveAgain();
      answering(/^\/pool\//, ({ server }, { url }, response) =>
        response.writeHead(302, { location: `${other.url}${url}?Signature=${server.requests.length}` }).end(),
      )(site);
      other.fault({ path: tool.path, truncateAt: 100, times: 1 });
      return {
        complaints() {
          const targets = other.requests.map(({ target }) => target);
          return targets.length === new Set(targets).size
            ? []
            : [`a signature was used twice: ${targets.join(", ")}`];
        },
      };
    },
  },
  {
    server: "redirects in a circle",
    sync: fails("still redirected"),
    requests: { of: inRelease, count: 1 },
    misbehave: meeting({ path: inRelease.path, status: 302, headers: { Location: "InRelease" } }),
  },
  {
    server: "redirects from one place to the next without end",
    sync: fails("still redirected"),
    requests: { of: inRelease, count: 11 },
    misbehave: answering(inRelease.path, ({ server }, _request, response) =>
      response.writeHead(302, { location: `?${server.requests.length}` }).end(),
    ),
  },
  {
    server: "redirects from https to http",
    sync: fails("expected https"),
    requests: { of: inRelease, count: 1 },
    async misbehave(site) {
      const { ca, server: identity } = makeCertificates();
      const secure = site.use(await startRelay(site.server, identity));
      meeting({ path: anyFile, status: 301, headers: { Location: `${site.server.url}/plain` } })(site);
      return { mirror: { url: secure.url, tls: { ca_cert_file: site.write("ca.pem", ca) } } };
    },
  },
];
