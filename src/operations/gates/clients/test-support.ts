/** Returns a dpkg status file of these packages, each "name version". Only tests import this. */
export const statusFile = (installed: readonly string[]): string =>
  installed
    .map((text) => text.split(" "))
    .map(
      ([name, version]) => `Package: ${name}
Status: install ok installed
Priority: optional
Maintainer: A <a@example.org>
Architecture: amd64
Version: ${version}
Description: a package
`,
    )
    .join("\n");
