import type { ConnectionPools } from "./connections/connection-pools.ts";
import { createRoutes } from "./connections/routes.ts";
import { redactUrl } from "./credentials/redact.ts";
import { attempt, type BaseUrl, parseBaseUrl } from "./requests/attempt.ts";
import { BaseUrls } from "./requests/base-urls.ts";
import type { DownloadResult, Upstream, UpstreamSource } from "./requests/request.ts";
import { withRetries } from "./requests/retry.ts";
import { Transfer } from "./requests/transfer.ts";
import type { UpstreamSettings } from "./settings.ts";

export function createUpstream(settings: UpstreamSettings, pools: ConnectionPools): Upstream {
  const ports = { settings, routes: createRoutes(settings, pools) };
  const baseUrls = new BaseUrls(settings.baseUrls, settings.onRetry);
  const parsed = new Map<string, BaseUrl>();
  const parse = (baseUrl: string): BaseUrl => parsed.getOrInsertComputed(baseUrl, parseBaseUrl);
  const askOne = (baseUrl: string, transfer: Transfer, signal: AbortSignal): Promise<DownloadResult> =>
    withRetries(`${baseUrl}${transfer.request.path}`, settings, signal, () =>
      attempt(parse(baseUrl), transfer, ports, signal),
    );
  const sourceAt = (baseUrl: string): UpstreamSource => ({
    url: redactUrl(baseUrl),
    get requestsAtOnce() {
      return ports.routes.requestsAtOnce;
    },
    download: (request, signal) => askOne(baseUrl, new Transfer(request), signal),
    get sources() {
      return [sourceAt(baseUrl)];
    },
    prefer: () => baseUrls.prefer(baseUrl),
  });
  return {
    get requestsAtOnce() {
      return ports.routes.requestsAtOnce;
    },
    download: (request, signal) => {
      const transfer = new Transfer(request);
      return baseUrls.ask((baseUrl) => askOne(baseUrl, transfer, signal));
    },
    get sources() {
      return baseUrls.inOrder.map(sourceAt);
    },
  };
}
