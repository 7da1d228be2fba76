import { makeCertificates } from "../../../src/upstream/test-support.ts";
import { completes, fails, type ServerCase, type Surroundings } from "./case.ts";
import type { CaseSite } from "./case-site.ts";
import { answering, meeting, sendZeros } from "./misbehaviour.ts";
import { type Relay, startRelay } from "./relay.ts";
import { anyFile, inRelease, tool } from "./repository.ts";

const secret = "correct-horse";
const authorization = `Basic ${Buffer.from(`user:${secret}`).toString("base64")}`;

/** The URL of the site's server, and of a second server that has the same files and behaves. */
const beforeAnother = async (site: CaseSite): Promise<Surroundings> => ({
  mirror: { url: [site.server.url, (await site.serveAgain()).url] },
});

/** Cases about several URLs, proxies and TLS. */
export const elsewhereCases: readonly ServerCase[] = [
  {
    server: "is down, and the next of `url` is not",
    sync: completes({ says: ["the connection was refused", "instead"] }),
    async misbehave(site) {
      const down = await site.serveAgain();
      await down.close();
      return { mirror: { url: [down.url, site.server.url] } };
    },
  },
  {
    server: "has an InRelease that does not verify, and the next of `url` has one that does",
    sync: completes({ says: ["InRelease is not a clearsigned file", "Taking the Release of stable"] }),
    requests: { of: tool, count: 0 },
    async misbehave(site) {
      answering(inRelease.path, sendZeros)(site);
      return beforeAnother(site);
    },
  },
  {
    server: "lacks a package that the next of `url` has",
    sync: completes(),
    requests: { of: tool, count: 1 },
    async misbehave(site) {
      meeting({ path: tool.path, status: 404 })(site);
      return beforeAnother(site);
    },
  },
  {
    server: "has a package of another size than the next of `url`",
    sync: completes(),
    async misbehave(site) {
      meeting({ path: tool.path, html: true })(site);
      return beforeAnother(site);
    },
  },
  {
    server: "has a package with other bytes than the next of `url`",
    sync: completes({ says: ["digest is", "instead"] }),
    requests: { of: tool, count: 1 },
    async misbehave(site) {
      answering(tool.path, sendZeros)(site);
      return beforeAnother(site);
    },
  },
  {
    server: "has a package with other bytes than it lists, and so has the next of `url`",
    sync: fails("upstream lists a file that it does not have as listed", "digest is"),
    requests: { of: tool, count: 2 },
    async misbehave(site) {
      const next = await site.serveAgain();
      answering(tool.path, sendZeros)(site);
      next.fault({ path: tool.path, respond: (...exchange) => sendZeros(site, ...exchange) });
      return { mirror: { url: [site.server.url, next.url] } };
    },
  },
  {
    server: "wants a password, and the next of `url` does not",
    sync: fails("the server answers 401, it wants a user and password"),
    async misbehave(site) {
      meeting({ path: anyFile, status: 401 })(site);
      return beforeAnother(site);
    },
  },
  {
    server: "is behind a proxy that wants a password",
    sync: completes(),
    async misbehave(site) {
      const proxy = site.use(await startRelay(site.server));
      return {
        env: { http_proxy: proxy.url.replace("://", `://user:${secret}@`) },
        complaints: (said) => [
          ...complaintsOfProxy(proxy, (line) => line.startsWith(`GET ${site.server.url}/`)),
          ...(said.includes(secret) ? ["the password is in the log"] : []),
        ],
      };
    },
  },
  {
    server: "is behind a proxy that refuses our password",
    sync: fails("(http_proxy) answers 407: it wants a user and password"),
    requests: { of: inRelease, count: 1 },
    waitsMs: [],
    async misbehave(site) {
      meeting({ path: anyFile, status: 407 })(site);
      const proxy = site.use(await startRelay(site.server));
      return { env: { http_proxy: proxy.url } };
    },
  },
  {
    server: "is reached by https through a proxy that wants a password (CONNECT)",
    sync: completes(),
    async misbehave(site) {
      const { ca, server: identity } = makeCertificates();
      const secure = site.use(await startRelay(site.server, identity));
      const proxy = site.use(await startRelay(site.server));
      return {
        mirror: { url: secure.url, tls: { ca_cert_file: site.write("ca.pem", ca) } },
        env: { https_proxy: proxy.url.replace("://", `://user:${secret}@`) },
        complaints: () =>
          complaintsOfProxy(proxy, (line) => line === `CONNECT ${secure.url.replace("https://", "")}`),
      };
    },
  },
  {
    server: "has a certificate of an authority that nobody knows",
    sync: fails("the issuer of its certificate is not known"),
    waitsMs: [],
    async misbehave(site) {
      const secure = site.use(await startRelay(site.server, makeCertificates().server));
      return { mirror: { url: secure.url } };
    },
  },
];

function complaintsOfProxy(proxy: Relay, isRight: (line: string) => boolean): readonly string[] {
  if (proxy.requests.length === 0) return ["the proxy was not asked"];
  return proxy.requests
    .filter(({ line, proxyAuthorization }) => !isRight(line) || proxyAuthorization !== authorization)
    .map(({ line, proxyAuthorization }) => `the proxy was asked: ${line} with ${proxyAuthorization}`);
}
