/** What upstream has: in docs/tutorial.md a small archive that calls itself noble, from Monday to Thursday. */
import type { FakeUpstream } from "../../support/index.ts";

export const scenes: Readonly<Record<string, (upstream: FakeUpstream) => unknown>> = {
  monday: (upstream) => {
    const suite = upstream.suite("noble", { extraReleaseFields: { Origin: "Ubuntu", Label: "Ubuntu" } });
    suite.addPackage("curl", "8.5.0-2ubuntu10", { depends: "libssl3t64" });
    suite.addPackage("nginx", "1.24.0-2ubuntu7", { depends: "libssl3t64" });
    addOpenssl(upstream, "3.0.13-0ubuntu3.5", opensslBefore);
  },
  tuesday: (upstream) => {
    upstream
      .suite("noble")
      .removePackage("openssl")
      .removePackage("libssl3t64")
      .addPackage("jq", "1.7.1-3build1");
    addOpenssl(upstream, "3.0.13-0ubuntu3.6", opensslFix + opensslBefore);
  },
  wednesday: (upstream) => replaceNginx(upstream, "1.24.0-2ubuntu7.1"),
  thursday: (upstream) => replaceNginx(upstream, "1.24.0-2ubuntu7.2"),
  /** A vendor that keeps every version. */
  "many-versions": (upstream) => {
    for (const version of ["1.9-1", "1.10-1", "2.0-1"]) upstream.suite("stable").addPackage("agent", version);
  },
  /** Each version of a kernel has packages of other names. */
  kernels: (upstream) => {
    const suite = upstream.suite("noble");
    for (const abi of ["6.8.0-31", "6.8.0-35", "6.8.0-36"])
      for (const part of ["image", "modules"])
        suite.addPackage(`linux-${part}-${abi}-generic`, `${abi}.1`, { fields: { Source: "linux" } });
  },
  "two-architectures": (upstream) => {
    const suite = upstream.suite("noble", { architectures: ["amd64", "i386"] });
    for (const architecture of ["amd64", "i386"])
      suite.addPackage("curl", "8.5.0-2ubuntu10", { architecture });
  },
  /** Its Release expires a week later. */
  security: (upstream) => {
    upstream
      .suite("bookworm-security", { validUntil: "2026-11-09T02:10:00Z" })
      .addPackage("openssl", "3.0.17-1~deb12u3");
  },
};

function addOpenssl(upstream: FakeUpstream, version: string, changelog: string): void {
  for (const name of ["openssl", "libssl3t64"])
    upstream.suite("noble").addPackage(name, version, {
      fields: { Source: "openssl" },
      files: { [`usr/share/doc/${name}/changelog.Debian`]: changelog },
      ...(name === "openssl" ? { depends: "libssl3t64" } : {}),
    });
}

const replaceNginx = (upstream: FakeUpstream, version: string): unknown =>
  upstream.suite("noble").removePackage("nginx").addPackage("nginx", version, { depends: "libssl3t64" });

const opensslFix = entry(
  "3.0.13-0ubuntu3.6",
  "high",
  `SECURITY UPDATE: use after free in the handling of handshakes
    - CVE-2026-84782`,
);
const opensslBefore = entry("3.0.13-0ubuntu3.5", "medium", "Fix a typo in the manual page");

function entry(version: string, urgency: string, text: string): string {
  return `openssl (${version}) noble; urgency=${urgency}

  * ${text}

 -- Archive <archive@example.org>  Thu, 29 Oct 2026 09:00:00 +0000

`;
}
