import type { Ports } from "../context.ts";
import { openKeyring } from "../open-keyring.ts";
import { InodeDigests } from "./checks/inode-digests.ts";
import type { Verification } from "./checks/verification.ts";

export type VerificationPorts = Ports<
  "mirror" | "working" | "decoderCommands" | "signal" | "emit" | "now" | "invokerFiles"
>;

interface VerificationDepth {
  readonly deep: boolean;
  readonly allDigests?: boolean;
  readonly strangers?: boolean;
}

/** Opens the keyring, and starts a run of checks. */
export async function openVerification(
  { mirror, working, decoderCommands, signal, emit, now: readClock, invokerFiles }: VerificationPorts,
  { deep, allDigests = false, strangers = true }: VerificationDepth,
): Promise<Verification> {
  const { signedBy, allow } = mirror;
  const now = readClock();
  const keyring = mirror.pgpCheck ? await openKeyring({ mirror, emit, invokerFiles }) : undefined;
  return {
    mirror,
    working,
    decoderCommands,
    signal,
    emit,
    now,
    deep: deep || allDigests,
    allDigests,
    strangers,
    digests: new InodeDigests(signal, (sizeBytes) => emit({ type: "reading-progressed", sizeBytes })),
    policy: keyring && { mirror: mirror.id, keyring, now, signedBy, allow },
  };
}
