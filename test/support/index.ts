/**
 * Building blocks of tests and the demo: signed repositories described in a few lines, good and bad web servers, real
 * apt and nginx in private directories, and workspaces for the built executable. This folder does not know vitest. Of
 * mirrorctl it knows only error codes, commands, configuration and the layout on disk.
 */
export {
  type AptClient,
  type AptClientOptions,
  type AptResult,
  aptAvailable,
  createAptClient,
} from "./apt-client.ts";
export { type AptKind, aptKinds } from "./apt-kinds.ts";
export type { Compression } from "./compress.ts";
export { ar, type DebFile, type DebOptions, debFile } from "./deb-file.ts";
export { type DigestName, digestOf } from "./digests.ts";
export { type CommandResult, executable, type RunningCommand } from "./executable.ts";
export type { FakeSuite, PackageOptions, SourcePackageOptions } from "./fake-suite.ts";
export { type FakeUpstream, type FakeUpstreamOptions, fakeUpstream } from "./fake-upstream.ts";
export { type Figures, figuresDirectory, recordFigures } from "./figures.ts";
export { createGnupg, type Gnupg } from "./gnupg.ts";
export { desktopIndexTargets } from "./index-targets.ts";
export { type MachineIndices, machineIndices, readList } from "./machine-indices.ts";
export { machinePackages } from "./machine-packages.ts";
export { type Nginx, nginxAvailable, startNginx, startNginxWith } from "./nginx.ts";
export { type PipeliningServer, type ServerConnection, servePipelines } from "./pipelining-server.ts";
export { type ReceivedMessage, type Receiver, startReceiver } from "./receiver.ts";
export { findProgram, type ProgramOptions, type ProgramResult, runProgram } from "./run-program.ts";
export { createScreen, type Screen } from "./screen.ts";
export type { ArmedFault, Fault, RecordedRequest } from "./server-faults.ts";
export { hasWrittenPid, type ServerProcess, startServer } from "./server-process.ts";
export { clearsign, createSigningKey, type SigningKey } from "./signing-key.ts";
export { type StaticServer, serveDirectory } from "./static-server.ts";
export type { SuiteOptions } from "./suite-options.ts";
export {
  diskParent,
  type TemporaryDirectory,
  temporaryDirectory,
  temporaryPath,
} from "./temporary-directory.ts";
export { createTestbed, type MirrorSettings, type Testbed, type TestbedConfig } from "./testbed.ts";
export { startInTmux, type TmuxTerminal } from "./tmux.ts";
export { listFiles, readIdentities, readTree } from "./trees.ts";
export {
  createWorkspace,
  type Published,
  type RunOptions,
  type Workspace,
} from "./workspace.ts";
