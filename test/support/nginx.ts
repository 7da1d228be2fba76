import { mkdir, writeFile } from "node:fs/promises";
import { findProgram } from "./run-program.ts";
import { hasWrittenPid, type ServerProcess, startServer } from "./server-process.ts";

export type Nginx = ServerProcess;

export const nginxAvailable = (): boolean => findProgram("nginx") !== undefined;

export interface NginxOptions {
  readonly root: string;
  /** Directives of the server, each with its semicolon. */
  readonly directives?: string;
}

/** Starts a real nginx that serves `root`, also through symbolic links. */
export const startNginx = (options: NginxOptions): Promise<Nginx> =>
  startNginxWith((port) => serverBlock(options, port));

/** Starts a real nginx with a `server` block, and other directives of `http`, for a port. */
export const startNginxWith = (site: (port: number) => string): Promise<Nginx> =>
  startServer({
    name: "nginx",
    async prepare(prefix, port) {
      await mkdir(prefix.join("temp"));
      await writeFile(prefix.join("nginx.conf"), configuration(site(port)));
      const program = findProgram("nginx") ?? "nginx";
      // -e, because the log of its start would otherwise go to a file that only root may write.
      return [program, "-p", prefix.path, "-c", prefix.join("nginx.conf"), "-e", prefix.join("error.log")];
    },
    hasStarted: (prefix, child) => hasWrittenPid(prefix.join("nginx.pid"), child),
  });

const configuration = (site: string): string => `daemon off;
master_process off;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path temp/client_body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
  default_type application/octet-stream;
  ${site}
}
`;

const serverBlock = ({ root, directives = "" }: NginxOptions, port: number): string => `server {
    listen 127.0.0.1:${port};
    root "${root}";
    autoindex off;
    disable_symlinks off;
    ${directives}
  }`;
