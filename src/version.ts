/** What this build is. The bundler puts the values in; run from source there is no build. */
declare const MIRRORCTL_BUILD:
  | { readonly version: string; readonly commit: string; readonly time: string }
  | undefined;

export const build =
  typeof MIRRORCTL_BUILD === "undefined"
    ? { version: "0.1.0", commit: "source", time: "unbuilt" }
    : MIRRORCTL_BUILD;

/** Some networks that serve packages block clients without a name they know. */
export const userAgent = `mirrorctl/${build.version} (+Debian APT-HTTP compatible)`;
