import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ConfigInspection, Problem } from "../../config/index.ts";
import { MirrorctlError } from "../../errors.ts";
import { ifAllowed, statIfAny, statLinkIfAny } from "../../platform/look.ts";
import type { ConfigRemark } from "../../report/words/config-remarks.ts";
import type { MirrorContext } from "../context.ts";
import { openKeyring } from "../open-keyring.ts";
import { tlsMaterialOf } from "../tls-material.ts";
import { remarksOnCooldown } from "./check-cooldown.ts";
import { checkGates } from "./check-gates.ts";

/** Checks the settings of each mirror together. Reports a fault that several mirrors share once. */
export async function checkMirrors(
  contexts: readonly MirrorContext[],
  inspection: ConfigInspection,
): Promise<readonly Problem[]> {
  const found = await Promise.all(
    contexts.map(async (context) => [
      ...checkLinks(context),
      ...(await checkTls(context, inspection)),
      ...(await checkKeys(context)),
      ...checkGates(context, inspection),
    ]),
  );
  const problems = found.flat();
  return problems.filter(
    (problem, index) => problems.findIndex((other) => isDeepStrictEqual(problem, other)) === index,
  );
}

/** A link that mirrorctl did not make is not a problem of the configuration; `status` says where it leads. */
function checkLinks({ mirror, layout }: MirrorContext): readonly Problem[] {
  return (["staging", "production"] as const)
    .filter((link) => ifAllowed(() => statLinkIfAny(layout[link]))?.isSymbolicLink() === false)
    .map((link) => ({
      kind: "bad-value",
      path: ["mirrors", mirror.id, "publish", link],
      fault: `${layout[link]} is not a link, and is where clients are to see a snapshot`,
    }));
}

/** Checks that the key belongs to the certificate, and that the settings allow a version of TLS. */
async function checkTls(
  { mirror, invokerFiles }: MirrorContext,
  { isGiven }: ConfigInspection,
): Promise<readonly Problem[]> {
  const { tlsOptions, UpstreamError } = await import("../../upstream/index.ts");
  try {
    tlsOptions(await tlsMaterialOf(mirror.tls, invokerFiles));
    return [];
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { setting } = error.facts;
    const below = typeof setting === "string" ? [setting] : [];
    const own = ["mirrors", mirror.id, "tls", ...below];
    return [{ kind: "bad-value", path: isGiven(own) ? own : ["tls", ...below], fault: error.message }];
  }
}

/** Checks that apt trusts any key, and that one has a fingerprint of `signed_by`. Named files are checked elsewhere. */
async function checkKeys(context: MirrorContext): Promise<readonly Problem[]> {
  const { id, pgpCheck, pgpKeyPaths, signedBy } = context.mirror;
  if (!pgpCheck) return [];
  try {
    const { certificates } = await openKeyring(context);
    const held = certificates.flatMap(({ keys }) => keys.map(({ fingerprint }) => fingerprint));
    if (signedBy.length === 0 || signedBy.some((text) => held.includes(text.replace("!", "")))) return [];
    const fault = `none of the keys has the fingerprint ${signedBy.join(" or ")}`;
    return [{ kind: "bad-value", path: ["mirrors", id, "signed_by"], fault }];
  } catch (error) {
    if (!(error instanceof MirrorctlError)) throw error;
    if (pgpKeyPaths.length > 0) return [];
    return [{ kind: "bad-value", path: ["mirrors", id, "pgp_key_path"], fault: error.message }];
  }
}

/** Returns facts that are not mistakes, but that an administrator should know. */
export function remarksOn(contexts: readonly MirrorContext[]): readonly ConfigRemark[] {
  const copied = new Map<string, ConfigRemark>();
  const others: ConfigRemark[] = [];
  for (const context of contexts) {
    const { mirror, layout } = context;
    const { path } = mirror.snapshot;
    if (deviceOf(layout.dir) !== deviceOf(path))
      copied.set(path, { kind: "snapshots-copied", path, dir: layout.dir });
    if (!mirror.pgpCheck) others.push({ kind: "signatures-unchecked", mirror: mirror.id });
    const staged = mirror.criteria.find((one) => one.gate === "min_staged");
    if (staged !== undefined && mirror.publishToStaging)
      others.push({ kind: "staging-restarts", mirror: mirror.id, stagedMs: staged.stagedMs });
    if (mirror.tls.insecureSkipVerify) others.push({ kind: "certificates-unchecked", mirror: mirror.id });
    others.push(...remarksOnCooldown(context));
  }
  return [...copied.values(), ...others];
}

function deviceOf(path: string): number | undefined {
  return (
    ifAllowed(() => statIfAny(path))?.dev ?? (path === dirname(path) ? undefined : deviceOf(dirname(path)))
  );
}
