/** Small imitations of well-known repositories: apt sees no difference between a mirror and its upstream. */
import { mkdir, readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AptKind,
  aptKinds,
  createAptClient,
  createWorkspace,
  desktopIndexTargets,
  type FakeUpstream,
  fakeUpstream,
  type MirrorSettings,
  type RecordedRequest,
  type StaticServer,
  serveDirectory,
  type Workspace,
} from "../support/index.ts";

interface Vendor {
  /** ID of the mirror, and name of the upstream's directory. */
  readonly id: string;
  readonly title: string;
  /** From that directory to the base URL. */
  readonly below?: string;
  readonly suites: readonly string[];
  /** Default: main. */
  readonly sections?: readonly string[];
  /** What follows the URL in a sources.list. */
  readonly entry: string;
  readonly install: readonly string[];
  readonly state: (upstream: FakeUpstream) => unknown;
}

const after = (field: string) => (text: string) => `${text.replace(`${field}\n`, "")}${field}\n`;
const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);

const vendors: readonly Vendor[] = [
  {
    id: "security",
    title: "Debian security: Components with a prefix, xz alone, no MD5, Valid-Until, a pool of its own",
    suites: ["bookworm-security"],
    sections: ["main", "updates/contrib"],
    entry: "bookworm-security main contrib",
    install: ["openssl"],
    state: (upstream) =>
      upstream
        .suite("bookworm-security", {
          components: ["main", "contrib"],
          architectures: ["all", "amd64", "arm64"],
          compressions: ["xz"],
          digests: ["SHA256"],
          validUntil: inDays(7),
          extraReleaseFields: { Suite: "stable-security", Components: "updates/main updates/contrib" },
        })
        .addPackage("openssl", "3.0.1-1+deb12u1", {
          filename: "pool/updates/main/o/openssl/openssl_3.0.1-1+deb12u1_amd64.deb",
        })
        .addTranslation("en"),
  },
  {
    id: "ubuntu",
    title:
      "Ubuntu: Acquire-By-Hash at the end, Contents in the old place, icons of high density, three digests",
    suites: ["noble", "noble-updates"],
    entry: "noble main",
    install: ["hello"],
    state(upstream) {
      for (const name of ["noble", "noble-updates"])
        upstream
          .suite(name, {
            digests: ["MD5Sum", "SHA1", "SHA256"],
            architectures: ["amd64", "i386", "riscv64"],
            extraReleaseFields: { Architectures: "amd64 arm64 armhf i386 ppc64el riscv64 s390x" },
            editRelease: after("Acquire-By-Hash: yes"),
          })
          .addPackage("hello", "2.10-3build1", { fields: { "Phased-Update-Percentage": "10" } })
          .addTranslation("en")
          .addTranslation("de")
          .addDep11()
          .addCnf()
          .addFile("Contents-amd64", "usr/bin/hello  hello\n", "compressed")
          .addFile("main/dep11/icons-48x48@2.tar", "icons", "compressed");
    },
  },
  {
    id: "docker",
    title: "Docker: packages below dists/, a section called stable",
    suites: ["noble"],
    sections: ["stable"],
    entry: "noble stable",
    install: ["docker-ce"],
    state: (upstream) =>
      upstream
        .suite("noble", { components: ["stable"], acquireByHash: false, compressions: ["gz", "bz2"] })
        .addPackage("docker-ce", "5:27.0.1-1~ubuntu.24.04~noble", {
          filename: "dists/noble/pool/stable/amd64/docker-ce_27.0.1-1~ubuntu.24.04~noble_amd64.deb",
        })
        .addContents(),
  },
  {
    id: "kubernetes",
    title: "Kubernetes: a URL with colons, packages below a flat suite",
    suites: ["/"],
    below: "core:/stable:/v1.30/deb/",
    entry: "/",
    install: ["kubectl"],
    state: (upstream) =>
      upstream
        .suite("/", {
          acquireByHash: false,
          compressions: ["gz"],
          extraReleaseFields: { Architectures: "amd64 arm64" },
        })
        .addPackage("kubectl", "1.30.0-1.1", { filename: "amd64/kubectl_1.30.0-1.1_amd64.deb" }),
  },
  {
    id: "cuda",
    title: "CUDA: flat, without Date, with files beside the indices and wrong digests of itself",
    suites: ["/"],
    entry: "/",
    install: ["cuda"],
    state: (upstream) =>
      upstream
        .suite("/", {
          acquireByHash: false,
          compressions: ["gz"],
          digests: ["MD5Sum", "SHA1", "SHA256"],
          extraReleaseFields: { Date: "" },
          editRelease: (text) => `${text} ${"0".repeat(64)} 7 Release\n ${"1".repeat(64)} 7 3bf863cc.pub\n`,
        })
        .addPackage("cuda", "12.4-1", { filename: "./cuda_12.4-1_amd64.deb" }),
  },
  {
    id: "jenkins",
    title: "Jenkins: a flat suite in a directory, Release with Release.gpg alone",
    suites: ["binary/"],
    entry: "binary/",
    install: ["jenkins"],
    state: (upstream) =>
      upstream
        .suite("binary/", {
          acquireByHash: false,
          signatures: "detached",
          extraReleaseFields: { Suite: "binary" },
        })
        .addPackage("jenkins", "2.462"),
  },
  {
    id: "microsoft",
    title: "Microsoft: another Suite than is asked for, an entry listed twice, SHA-512",
    suites: ["bionic"],
    entry: "bionic main",
    install: ["code"],
    state: (upstream) =>
      upstream
        .suite("bionic", {
          acquireByHash: false,
          architectures: ["amd64", "arm64"],
          extraReleaseFields: { Suite: "stable", Codename: "stable" },
          editRelease: (text) => `${text} ${"0".repeat(128)} 7 main/Contents-amd64\n`,
        })
        .addPackage("code", "1.90")
        .addContents(),
  },
  {
    id: "postgresql",
    title: "PostgreSQL: a number as a section; Launchpad: debug symbols in a section within another",
    suites: ["noble-pgdg"],
    sections: ["main", "18", "main/debug"],
    entry: "noble-pgdg main 18 main/debug",
    install: ["postgresql-18", "postgresql-18-dbgsym"],
    state: (upstream) =>
      upstream
        .suite("noble-pgdg", { components: ["main", "18", "main/debug"] })
        .addPackage("postgresql-18", "18.0-1.pgdg24.04+1", { component: "18" })
        .addPackage("postgresql-18-dbgsym", "18.0-1.pgdg24.04+1", {
          component: "main/debug",
          filename: "pool/main/debug/p/postgresql-18-dbgsym_18.0-1.pgdg24.04+1_amd64.ddeb",
        }),
  },
];

const resources = new AsyncDisposableStack();
let workspace: Workspace;
let mirror: StaticServer;

beforeAll(async () => {
  workspace = resources.use(await createWorkspace({}));
  const mirrors: Record<string, MirrorSettings> = {};
  for (const { id, below = "", suites, sections = ["main"], state } of vendors) {
    const upstream = await fakeUpstream({
      dir: workspace.upstream.path(`${id}/${below}`),
      signedBy: workspace.key,
    });
    state(upstream);
    await upstream.publish();
    mirrors[id] = { url: `${workspace.server.url}/${id}/${below}`, suites, sections };
  }
  workspace.configure({ mirrors });
  await workspace.run(["sync"]);
  mirror = await serveDirectory(workspace.dir);
  resources.defer(() => mirror.close());
});
afterAll(() => resources.disposeAsync());

describe.each(aptKinds)("with the apt of %s", (kind) => {
  let atUpstream: Seen;
  let atMirror: Seen;

  beforeAll(async () => {
    for (const server of [workspace.server, mirror]) server.clearRequests();
    atUpstream = await useApt(kind, workspace.server, ({ id, below = "" }) => `/${id}/${below}`);
    atMirror = await useApt(kind, mirror, ({ id }) => `/${id}/current/`);
  });

  test.for(vendors)("$title", ({ id }) => {
    const requests = atMirror.requests.get(id);
    expect(requests).toEqual(atUpstream.requests.get(id));
    expect(requests?.filter((line) => /^200 .*deb$/.test(line))).not.toEqual([]);
  });

  test("apt prints the same and gets the same packages for all of them", () => {
    const { exitCodes, complaints, downloads } = atMirror;
    expect({ exitCodes, complaints, downloads }).toEqual({
      exitCodes: [0, 0],
      complaints: atUpstream.complaints,
      downloads: atUpstream.downloads,
    });
    expect(downloads).toHaveLength(vendors.flatMap(({ install }) => install).length);
  });
});

interface Seen {
  readonly exitCodes: readonly number[];
  /** The output without the parts that differ between mirror and upstream. */
  readonly complaints: readonly string[];
  /** By vendor: status and path below the base URL. */
  readonly requests: ReadonlyMap<string, readonly string[]>;
  readonly downloads: readonly string[];
}

/** Returns the requests, packages and output of one new client of all of them. */
async function useApt(
  kind: AptKind,
  server: { readonly url: string; readonly requests: readonly RecordedRequest[] },
  pathOf: (vendor: Vendor) => string,
): Promise<Seen> {
  const dir = workspace.join(`${kind}-${server.url.replace(/.*:/, "")}`);
  const client = await createAptClient({
    kind,
    dir,
    sources: vendors.map((vendor) => `deb ${server.url}${pathOf(vendor)} ${vendor.entry}`).join("\n"),
    keyrings: { "archive.asc": workspace.key.publicKeyArmored },
    languages: ["de", "en"],
    extraConf: desktopIndexTargets,
  });
  const downloads = `${dir}/downloads`;
  await mkdir(downloads);
  const packages = vendors.flatMap(({ install }) => install);
  const results = [await client.update(), await client.download(packages, downloads)];
  const said = results.flatMap(({ complaints }) => complaints).join("\n");
  const placeless = vendors.reduce(
    (text, vendor) => text.replaceAll(pathOf(vendor).slice(0, -1), `/${vendor.id}`),
    said,
  );
  return {
    exitCodes: results.map(({ exitCode }) => exitCode),
    complaints: placeless
      .replaceAll(server.url, "")
      .replaceAll(/ \S*\/partial\/\S*/g, " a list")
      .replaceAll(/^(Ign|Err):\d+/gm, "$1")
      .split("\n")
      .toSorted(),
    requests: new Map(vendors.map((vendor) => [vendor.id, requestsBelow(pathOf(vendor), server.requests)])),
    downloads: await readdir(downloads),
  };
}

const requestsBelow = (directory: string, requests: readonly RecordedRequest[]): readonly string[] =>
  requests
    .filter(({ path }) => path.startsWith(directory))
    .map(({ path, status }) => `${status} ${path.slice(directory.length)}`)
    .toSorted();
