import type { Remark, Value } from "../drafts/imported.ts";

/** What the settings change in the draft. */
export interface SettingsDraft {
  /** Keys for all mirrors. */
  readonly values: Record<string, Value>;
  readonly tls: Record<string, Value>;
  /** Keys of each mirror. */
  readonly kinds: Record<string, boolean>;
}

export type Meaning = Pick<Remark, "kind" | "means">;
export type SettingsTable = Readonly<Record<string, (value: string, draft: SettingsDraft) => Meaning>>;

export const notNeeded = (why: string): Meaning => ({ kind: "changed", means: `not needed: ${why}` });
export const isOn = (value: string): boolean => !/^(?:|0|off|no|false)$/i.test(value);
const inEnvironment: Meaning = {
  kind: "dropped",
  means:
    "proxies come from the environment: http_proxy, https_proxy and no_proxy; passwords for them from auth.conf",
};
const unlessEmpty = (value: string, meaning: Meaning): Meaning =>
  value === "" ? notNeeded("nothing is set") : meaning;

export const commonSettings: SettingsTable = {
  nthreads(value, { values }) {
    const count = Number.parseInt(value, 10);
    if (!Number.isSafeInteger(count) || count < 1)
      return { kind: "dropped", means: "not a number of connections" };
    values["max_conns"] = count;
    return { kind: "imported", means: `max_conns = ${count}: connections to one upstream at a time` };
  },
  no_check_certificate(value, { tls }) {
    if (!isOn(value)) return notNeeded("certificates are checked");
    tls["insecure_skip_verify"] = true;
    return { kind: "imported", means: "[tls] insecure_skip_verify = true, which each run warns of" };
  },
  _contents(value, { kinds }) {
    if (isOn(value)) return { kind: "imported", means: "Contents files are mirrored" };
    kinds["contents"] = false;
    return { kind: "imported", means: "contents = false" };
  },
  defaultarch: (value) => ({
    kind: "imported",
    means: `architectures = [${JSON.stringify(value)}] where a line has none`,
  }),
  base_path: () => notNeeded("mirrorctl keeps its own tree in dir, and leaves the other alone"),
  mirror_path: () => notNeeded("mirrorctl keeps its own tree in dir, and leaves the other alone"),
  skel_path: () => notNeeded("downloads wait in dir"),
  var_path: () => notNeeded("the state is in dir"),
  cleanscript: () => notNeeded("a sync removes what upstream no longer lists"),
  _autoclean: () => notNeeded("a sync removes what upstream no longer lists"),
  _tilde: () => notNeeded("names are those of upstream"),
  unlink: () => notNeeded("no file is written in place"),
  auth_no_challenge: () => notNeeded("passwords are sent with the first request"),
  limit_rate: (value) => ({
    kind: "dropped",
    means: `there is no limit of the rate (${value} for each download)`,
  }),
  run_postmirror: (value) =>
    isOn(value) ? notNeeded("see postmirror_script") : notNeeded("no script runs after a sync"),
  postmirror_script: () => ({
    kind: "dropped",
    means:
      'no script runs after a sync: use ExecStartPost= of mirrorctl-sync.service, or [[notify]] with type = "command"',
  }),
  use_proxy: (value) => (isOn(value) ? inEnvironment : notNeeded("no proxy is used")),
  http_proxy: (value) => unlessEmpty(value, inEnvironment),
  https_proxy: (value) => unlessEmpty(value, inEnvironment),
  proxy_user: (value) => unlessEmpty(value, inEnvironment),
  proxy_password: (value) => unlessEmpty(value, inEnvironment),
};

/** Says what a setting means here, and changes the draft. Undefined for a name that is in none of the tables. */
export function meaningOf(
  [name, value]: readonly [name: string, value: string],
  tables: readonly SettingsTable[],
  draft: SettingsDraft,
): Meaning | undefined {
  const table = tables.find((one) => Object.hasOwn(one, name));
  return table?.[name]?.(value, draft);
}
