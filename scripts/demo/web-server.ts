import { nginxAvailable, serveDirectory, startNginx } from "../../test/support/index.ts";

export interface WebServer extends AsyncDisposable {
  readonly url: string;
  /** Its name in words. */
  readonly server: string;
}

/** Serves with nginx, as mirrors are in production. Without nginx, uses a small server of our own. */
export async function serveMirror(dir: string): Promise<WebServer> {
  const isNginx = nginxAvailable();
  const server = isNginx ? await startNginx({ root: dir }) : await serveDirectory(dir);
  return {
    url: server.url,
    server: isNginx ? "nginx" : "a small web server (nginx is not installed here)",
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
