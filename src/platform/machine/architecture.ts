import { arch } from "node:os";

/** Returns what dpkg calls the processor of this machine; undefined for one without a port of Debian. */
export const debianArchitecture = (): string | undefined => architectures[arch()];

const architectures: Readonly<Record<string, string | undefined>> = {
  x64: "amd64",
  arm64: "arm64",
  arm: "armhf",
  ia32: "i386",
  ppc64: "ppc64el",
  riscv64: "riscv64",
  s390x: "s390x",
  loong64: "loong64",
};
