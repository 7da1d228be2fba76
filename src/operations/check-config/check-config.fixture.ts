/** Configurations with the files that they name. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createHost } from "../../../test/support/host.ts";
import { createSigningKey } from "../../../test/support/index.ts";
import { openApp } from "../../../test/support/open-app.ts";
import { inspectConfig } from "../../config/index.ts";
import { makeCertificates } from "../../upstream/test-support.ts";
import { invokerOf } from "../site-owner.ts";
import { directoryForTest } from "../test-support.ts";
import { checkConfig } from "./index.ts";

export const key = await createSigningKey();
export const certificates = makeCertificates();
export const pem = {
  "ca.pem": certificates.ca,
  "client.pem": certificates.client.cert,
  "client.key": certificates.client.key,
};

/** Files beside the configuration, of which `mirror.toml` is one. */
type Files = Readonly<Record<string, string>>;

/** Line 1 is dir, line 2 the header of the mirror. */
export const withMirror = (added: string): string => `dir = "~/www"
[mirrors.noble]
url = "http://user:secret@127.0.0.1:9/ubuntu"
suites = ["noble"]
sections = ["main"]
architectures = ["amd64"]
${added}
`;

export async function open(text: string, files: Files = {}) {
  const directory = directoryForTest();
  mkdirSync(directory.join("www"));
  for (const [name, content] of Object.entries(files)) writeFileSync(directory.join(name), content);
  const path = directory.join("mirror.toml");
  const inspection = inspectConfig({ text, path, env: {}, homeDir: directory.path });
  const { config } = inspection;
  const host = createHost({ homeDir: directory.path });
  const { mirrors } =
    config === undefined ? { mirrors: [] } : await openApp({ path, text }, { homeDir: directory.path });
  const check = (uid = host.uid) =>
    checkConfig(inspection, mirrors, { ...invokerOf(host), uid, startedBy: uid });
  /** Without the name of the file. */
  const problems = async (uid?: number): Promise<string[]> =>
    (await check(uid)).problems.map(({ message }) =>
      message.replace(`${path}:`, "").replaceAll(directory.path, "~"),
    );
  return { directory, check, problems };
}

export const problemsOf = async (text: string, files?: Files): Promise<string[]> =>
  (await open(text, files)).problems();
