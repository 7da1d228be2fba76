import type { Command } from "../measure/run-measured.ts";
import type { ListedPackage } from "../upstream/listed-packages.ts";

/** What a tool has to mirror, and where. */
export interface Assignment {
  /** Belongs to the tool alone; exists and is empty when `setUp` is called. */
  readonly dir: string;
  /** Of the upstream, without a final slash. */
  readonly url: string;
  readonly keyFile: (form: "asc" | "gpg") => string;
  readonly packages: readonly ListedPackage[];
}

/** A program that mirrors. */
export interface Tool {
  readonly name: string;
  /** Writes its configuration. */
  setUp(): void;
  readonly firstSync: Command;
  readonly update: Command;
}

/** How many connections every tool may open, if it has an option for that. */
export const connections = 16;
