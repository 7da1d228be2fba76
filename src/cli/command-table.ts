import type { Command } from "commander";
import type { CommandHost } from "./command-host.ts";

/** Gives a command its arguments, options and work. */
export type Definition = (command: Command, host: CommandHost) => void;

/** A command. Its definition is loaded when it is named, so that no other command pays for it. */
export interface CommandRow {
  /** For help, which shows all commands without their definitions. */
  readonly summary: string;
  readonly define: () => Promise<Definition>;
}

/** Commands below one word. */
export interface GroupRow {
  readonly summary: string;
  readonly commands: CommandTable;
}

export type CommandTable = Readonly<Record<string, CommandRow | GroupRow>>;

const snapshotCommands: CommandTable = {
  create: {
    summary: "freeze the working mirror as a snapshot",
    define: async () => (await import("./commands/snapshot.ts")).defineCreate,
  },
  import: {
    summary:
      "make snapshots of trees on this disk that other tools, or an earlier mirrorctl, left: each one that verifies, and has all of its files; exits with status 1 if one is not imported",
    define: async () => (await import("./commands/snapshot-import.ts")).defineSnapshotImport,
  },
  list: {
    summary: "list snapshots, newest first",
    define: async () => (await import("./commands/snapshot-list.ts")).defineSnapshotList,
  },
  stage: {
    summary: "point staging to a snapshot",
    define: async () => (await import("./commands/snapshot.ts")).defineStage,
  },
  publish: {
    summary: "point production to a snapshot directly: bypasses staging and gates",
    define: async () => (await import("./commands/snapshot.ts")).definePublish,
  },
  promote: {
    summary:
      "say what will change, run the gates, then point production to what is in staging; several mirrors go together or not at all",
    define: async () => (await import("./commands/snapshot-promote.ts")).defineSnapshotPromote,
  },
  rollback: {
    summary: "put production back to what it was before; several mirrors go together or not at all",
    define: async () => (await import("./commands/snapshot.ts")).defineRollback,
  },
  diff: {
    summary:
      "show which packages differ between two trees: added, removed, upgraded, downgraded, rebuilt, moved, or with other bytes at the same version; each tree is a snapshot, production, staging or working (the working mirror)",
    define: async () => (await import("./commands/snapshot-diff.ts")).defineSnapshotDiff,
  },
  test: {
    summary:
      "run the gates of a mirror on a snapshot, as promote does; exits with status 3 if it may not be promoted",
    define: async () => (await import("./commands/snapshot-test.ts")).defineSnapshotTest,
  },
  approve: {
    summary: "approve a snapshot, for the gate approvals; your own approval does not count if you promote it",
    define: async () => (await import("./commands/snapshot-approve.ts")).defineSnapshotApprove,
  },
  verify: {
    summary:
      "check that snapshots are what was mirrored: signatures, indices, and every file with its size; exits with status 1 if anything is damaged and was not repaired",
    define: async () => (await import("./commands/snapshot-verify.ts")).defineSnapshotVerify,
  },
  installable: {
    summary:
      "check which packages of a snapshot machines cannot install, or whether some can be installed together; exits with status 3 if any cannot",
    define: async () => (await import("./commands/snapshot-installable.ts")).defineSnapshotInstallable,
  },
  pin: {
    summary: "keep a snapshot from prune and from delete without --force, until it is unpinned",
    define: async () => (await import("./commands/snapshot-pin.ts")).defineSnapshotPin,
  },
  unpin: {
    summary: "let prune decide about a snapshot again",
    define: async () => (await import("./commands/snapshot-pin.ts")).defineSnapshotUnpin,
  },
  delete: {
    summary: "delete snapshots; refuses what is staged, in production, pinned, or kept for a rollback",
    define: async () => (await import("./commands/snapshot.ts")).defineDelete,
  },
  prune: {
    summary:
      "delete the snapshots that no rule keeps; never what is staged, in production, pinned, or kept for a rollback",
    define: async () => (await import("./commands/snapshot-prune.ts")).defineSnapshotPrune,
  },
};

/** All commands, in the order of help and of docs/commands.md. */
export const commandTable: CommandTable = {
  init: {
    summary:
      "write a configuration: of what a line or file for apt says, or of a release of Debian or Ubuntu; then say how large the mirror will be",
    define: async () => (await import("./commands/init.ts")).defineInit,
  },
  sync: {
    summary: "update mirrors from their upstreams: all of them, or those named",
    define: async () => (await import("./commands/sync.ts")).defineSync,
  },
  snapshot: {
    summary: "freeze, compare, stage, test, promote, roll back, verify, pin and delete snapshots",
    commands: snapshotCommands,
  },
  "client-config": {
    summary:
      "print what clients need to install from a mirror: sources with the key, and settings where they need some",
    define: async () => (await import("./commands/client-config.ts")).defineClientConfig,
  },
  status: {
    summary:
      "show running and past syncs, what staging and production have, expiry, free space, and what needs a person",
    define: async () => (await import("./commands/status.ts")).defineStatus,
  },
  history: {
    summary: "show who did what, when and why, newest first; what changed nothing is one line with a count",
    define: async () => (await import("./commands/history.ts")).defineHistory,
  },
  check: {
    summary: "look for mistakes before they cost anything",
    commands: {
      config: {
        summary:
          "check the configuration: everything that can be known without the network; shows its mirrors if all is well",
        define: async () => (await import("./commands/check-config.ts")).defineCheckConfig,
      },
      tls: {
        summary:
          "connect to each https URL of a mirror: versions of TLS, cipher, and certificates; exits with status 1 if the settings of the mirror cannot connect to one of them",
        define: async () => (await import("./commands/check-tls.ts")).defineCheckTls,
      },
      notify: {
        summary: "send a test message to everybody whom [[notify]] names, and say who took it",
        define: async () => (await import("./commands/check-notify.ts")).defineCheckNotify,
      },
    },
  },
  key: {
    summary: "look at the keys that sign what is mirrored",
    commands: {
      show: {
        summary:
          "show the public keys in files: fingerprints, user IDs, algorithms, expiry, and which of them can sign; needs no configuration",
        define: async () => (await import("./commands/key.ts")).defineKeyShow,
      },
      needed: {
        summary:
          "show which keys sign an upstream, which of them are configured, and how to get one; exits with status 1 unless a sync would accept the signatures of every suite. It requests signature files only, and trusts none of them",
        define: async () => (await import("./commands/key.ts")).defineKeyNeeded,
      },
    },
  },
  metrics: {
    summary: "print metrics of all mirrors for Prometheus; [metrics] textfile writes them after each change",
    define: async () => (await import("./commands/metrics.ts")).defineMetrics,
  },
  completion: {
    summary:
      "print the script with which a shell completes commands, options, mirrors and snapshots; packages install it",
    define: async () => (await import("./commands/completion.ts")).defineCompletion,
  },
  import: {
    summary:
      "read the configuration of another tool, and print one of mirrorctl with a report of what changes its meaning and what is not supported; exits with status 3 if something is not",
    define: async () => (await import("./commands/import.ts")).defineImport,
  },
  export: {
    summary:
      "copy a snapshot into a directory, as upstream signed it, for a mirrorctl that cannot reach upstream: sync --from takes it there",
    define: async () => (await import("./commands/export.ts")).defineExport,
  },
  version: {
    summary: "show version, commit and build time",
    define: async () => (await import("./commands/version.ts")).defineVersion,
  },
};
