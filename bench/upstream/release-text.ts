import { createHash } from "node:crypto";
import type { ListedPackage } from "./listed-packages.ts";

/** The digests that Debian lists for packages and indices. */
const listed = { md5: "MD5sum", sha256: "SHA256" } as const;

export const digest = (algorithm: keyof typeof listed, bytes: Uint8Array | string): string =>
  createHash(algorithm).update(bytes).digest("hex");

/** Returns a stanza of Packages with as many fields and bytes as Debian's have. */
export function stanzaOf(item: ListedPackage, content: Uint8Array): string {
  const { name, version, path, sizeBytes } = item;
  const source = name.slice(0, name.lastIndexOf("-"));
  return `Package: ${name}
Source: ${source}
Version: 1.${version}-1
Installed-Size: ${Math.ceil(sizeBytes / 400)}
Maintainer: Debian ${source} Maintainers <team+${source}@tracker.debian.org>
Architecture: amd64
Depends: libc6 (>= 2.34), libgcc-s1 (>= 3.0), libstdc++6 (>= 11), ${source}-common (>= 1.${version}), zlib1g (>= 1:1.2.0)
Recommends: ${source}-data, ca-certificates
Description: ${source}, a program and its library (part of ${name})
Homepage: https://www.example.org/projects/${source}/
Description-md5: ${digest("md5", name)}
Tag: devel::library, implemented-in::c++, role::program, scope::utility
Section: utils
Priority: optional
Filename: ${path}
Size: ${sizeBytes}
MD5sum: ${digest("md5", content)}
SHA256: ${digest("sha256", content)}
`;
}

/** Returns a Release that lists `indices` by their paths below `dists/<suite>`. */
export function releaseText(suite: string, date: Date, indices: ReadonlyMap<string, Uint8Array>): string {
  const lists = Object.entries({ MD5Sum: "md5", SHA256: "sha256" } as const).map(([field, algorithm]) => {
    const lines = [...indices].map(
      ([path, bytes]) => ` ${digest(algorithm, bytes)} ${String(bytes.length).padStart(8)} ${path}\n`,
    );
    return `${field}:\n${lines.join("")}`;
  });
  const sections = new Set([...indices.keys()].map((path) => path.split("/", 1)[0]));
  return `Origin: Benchmark
Label: Benchmark
Suite: ${suite}
Codename: ${suite}
Date: ${date.toUTCString().replace("GMT", "UTC")}
Acquire-By-Hash: yes
Architectures: amd64
Components: ${[...sections].join(" ")}
Description: packages of random bytes
${lists.join("")}`;
}
