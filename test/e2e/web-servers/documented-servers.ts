/**
 * The web servers of docs/web-server.md with the files of examples/web-server. They are started as Debian's packages would
 * start them, except for names, the port and the directory.
 */
import { readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { hasWrittenPid, type ServerProcess, startNginxWith, startServer } from "../../support/index.ts";

export interface DocumentedServer {
  readonly name: string;
  /** Whether a request with If-Modified-Since and the time of the file gets 304. */
  readonly comparesTimes: boolean;
  start(root: string): Promise<ServerProcess>;
}

/** Returns a file of examples/web-server with other words. Fails if it lacks one of the words. */
function exampleWith(file: string, words: Readonly<Record<string, string>>): string {
  let text = readFileSync(new URL(`../../../examples/web-server/${file}`, import.meta.url), "utf8");
  for (const [word, other] of Object.entries(words)) {
    if (!text.includes(word)) throw new Error(`examples/web-server/${file} has no "${word}"`);
    text = text.replaceAll(word, other);
  }
  return text;
}

const nginx = (root: string): Promise<ServerProcess> =>
  startNginxWith((port) => {
    const site = exampleWith("nginx.conf", {
      "listen 80;": `listen 127.0.0.1:${port};`,
      "listen [::]:80;": "",
      "/var/www/apt": root,
    });
    return `include /etc/nginx/mime.types; gzip on; gzip_types *;\n${site}`;
  });

const apache = (root: string): Promise<ServerProcess> =>
  startServer({
    name: "apache2",
    async prepare(prefix, port) {
      const site = exampleWith("apache.conf", { "*:80": `127.0.0.1:${port}`, "/var/www/apt": root });
      await writeFile(prefix.join("apache2.conf"), apacheConfiguration(prefix.path, port, site));
      return ["apache2", "-f", prefix.join("apache2.conf"), "-DFOREGROUND"];
    },
    hasStarted: (prefix, child) => hasWrittenPid(prefix.join("apache2.pid"), child),
  });

/** Has the modules that Debian switches on by itself, with their settings, and mod_headers. */
const apacheConfiguration = (prefix: string, port: number, site: string): string => `ServerRoot /etc/apache2
ServerName localhost
DefaultRuntimeDir ${prefix}
PidFile ${prefix}/apache2.pid
ErrorLog ${prefix}/error.log
Listen 127.0.0.1:${port}
User ${userInfo().uid === 0 ? "www-data" : userInfo().username}
IncludeOptional mods-enabled/*.load
<IfModule !headers_module>
  LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
</IfModule>
IncludeOptional mods-enabled/*.conf
StartServers 1
<Directory />
  Require all denied
</Directory>
${site}`;

const caddy = (root: string): Promise<ServerProcess> =>
  startServer({
    name: "caddy",
    async prepare(prefix, port) {
      const site = exampleWith("Caddyfile", {
        "http://apt.example.org": `http://127.0.0.1:${port}`,
        "/var/www/apt": root,
      });
      await writeFile(prefix.join("Caddyfile"), `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
      return ["caddy", "run", "--config", prefix.join("Caddyfile"), "--adapter", "caddyfile"];
    },
    hasStarted: async (prefix) =>
      (await readFile(prefix.join("error.log"), "utf8")).includes("serving initial configuration"),
  });

export const documentedServers: readonly DocumentedServer[] = [
  { name: "nginx", comparesTimes: true, start: nginx },
  { name: "Apache", comparesTimes: false, start: apache },
  { name: "Caddy", comparesTimes: false, start: caddy },
];
