/** Version, commit and time of the build, which the bundler sets. A run from source has none. */
declare const MIRRORCTL_BUILD:
  | { readonly version: string; readonly commit: string; readonly time: string }
  | undefined;

export const build =
  typeof MIRRORCTL_BUILD === "undefined"
    ? { version: "0.1.0", commit: "source", time: "unbuilt" }
    : MIRRORCTL_BUILD;

/** Some package networks block clients with an unknown name. */
export const userAgent = `mirrorctl/${build.version} (+Debian APT-HTTP compatible)`;
