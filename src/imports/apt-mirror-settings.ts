import type { Remark } from "./imported.ts";

/** What the settings change in the draft. */
export interface SettingsDraft {
  maxConns?: number;
  insecureSkipVerify?: boolean;
  readonly kinds: Record<string, boolean>;
}

type Meaning = Pick<Remark, "kind" | "means">;

const notNeeded = (why: string): Meaning => ({ kind: "changed", means: `not needed: ${why}` });
const inEnvironment: Meaning = {
  kind: "dropped",
  means:
    "proxies come from the environment: http_proxy, https_proxy and no_proxy; passwords for them from auth.conf",
};
const isOn = (value: string): boolean => value !== "0" && !/^(?:off|no|false)$/i.test(value);

const settings: Readonly<Record<string, (value: string, draft: SettingsDraft) => Meaning>> = {
  nthreads(value, draft) {
    const count = Number.parseInt(value, 10);
    if (!Number.isSafeInteger(count) || count < 1)
      return { kind: "dropped", means: "not a number of connections" };
    draft.maxConns = count;
    return { kind: "imported", means: `max_conns = ${count}: connections to one upstream at a time` };
  },
  no_check_certificate(value, draft) {
    if (!isOn(value)) return notNeeded("certificates are checked");
    draft.insecureSkipVerify = true;
    return { kind: "imported", means: "[tls] insecure_skip_verify = true, which each run warns of" };
  },
  _contents(value, draft) {
    if (isOn(value)) return { kind: "imported", means: "Contents files are mirrored" };
    draft.kinds["contents"] = false;
    return { kind: "imported", means: "contents = false" };
  },
  defaultarch: (value) => ({
    kind: "imported",
    means: `architectures = [${JSON.stringify(value)}] where a line has none`,
  }),
  base_path: () => notNeeded("mirrorctl keeps its own tree in dir, and leaves that of apt-mirror alone"),
  mirror_path: () => notNeeded("mirrorctl keeps its own tree in dir, and leaves that of apt-mirror alone"),
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
  http_proxy: () => inEnvironment,
  https_proxy: () => inEnvironment,
  proxy_user: () => inEnvironment,
  proxy_password: () => inEnvironment,
};

/** Says what a setting means here, and changes the draft. A name that apt-mirror does not know is a variable of the file. */
export function aptMirrorSetting(name: string, value: string, draft: SettingsDraft): Meaning {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  return (
    setting?.(value, draft) ?? { kind: "changed", means: "a variable, which is replaced where it is used" }
  );
}
