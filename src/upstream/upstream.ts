import { attempt } from "./attempt.ts";
import { BaseUrls } from "./base-urls.ts";
import type { ConnectionPools } from "./connection-pools.ts";
import type { Upstream } from "./request.ts";
import { withRetries } from "./retry.ts";
import { createRoutes } from "./routes.ts";
import type { UpstreamSettings } from "./settings.ts";
import { Transfer } from "./transfer.ts";

export function createUpstream(settings: UpstreamSettings, pools: ConnectionPools): Upstream {
  const ports = { settings, routes: createRoutes(settings, pools) };
  const baseUrls = new BaseUrls(settings.baseUrls, settings.onRetry);
  return {
    get requestsAtOnce() {
      return ports.routes.requestsAtOnce;
    },
    get: (request, signal) => {
      const transfer = new Transfer(request);
      return baseUrls.ask((baseUrl) =>
        withRetries(`${baseUrl}${request.path}`, settings, signal, () =>
          attempt(baseUrl, transfer, ports, signal),
        ),
      );
    },
  };
}
