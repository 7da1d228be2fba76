import { type Mirrorctl, type MirrorctlSettings, mirrorctl } from "../contestants/mirrorctl.ts";
import type { Settings } from "../settings.ts";
import type { Mirror } from "../stage/mirror.ts";
import type { Site } from "../stage/site.ts";

/** Returns a mirror by this build of mirrorctl, and one by the build of AGAINST. Equal names find the same mirrors. */
export function builds(
  { against }: Settings,
  site: Site,
  name: string,
  { url, ...settings }: MirrorctlSettings & { readonly url?: string } = {},
): readonly Mirror<Mirrorctl>[] {
  const label = settings.name ?? "mirrorctl";
  const programs = [
    { prefix: "mirrorctl", program: {} },
    ...(against === undefined
      ? []
      : [{ prefix: "against", program: { name: `${label} of AGAINST`, program: against } }]),
  ];
  return programs.map(({ prefix, program }) =>
    site.mirror(`${prefix}-${name}`, (at) => mirrorctl(at, { ...settings, ...program }), url),
  );
}
