import { nginxAvailable, serveDirectory, startNginx } from "../../test/support/index.ts";

export interface WebServer extends AsyncDisposable {
  readonly url: string;
  /** What it is, in words. */
  readonly server: string;
}

/** nginx where it is installed, since that is what mirrors are served by; else a small server of our own. */
export async function serveMirror(dir: string): Promise<WebServer> {
  const isNginx = nginxAvailable();
  const server = isNginx ? await startNginx({ root: dir }) : await serveDirectory(dir);
  return {
    url: server.url,
    server: isNginx ? "nginx" : "a small web server (nginx is not installed here)",
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
