/** Which configuration file a command reads. */

export const defaultConfigPath = "/etc/mirrorctl/mirror.toml";

/** Returns the path: `given` by a flag, or that of the environment, or the default. An empty variable counts as not set. */
export const configPathOf = (
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): string => given ?? (env.MIRRORCTL_CONFIG || defaultConfigPath);
