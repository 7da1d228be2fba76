import { describe, expect, test } from "vitest";
import { load, problemsOf, withMirror } from "./inspect.fixture.ts";

const everyVariable = {
  MIRRORCTL_DIR: "/from/environment/",
  MIRRORCTL_MAX_CONNS: "3",
  MIRRORCTL_LOG_LEVEL: "debug",
  MIRRORCTL_LOG_FORMAT: "json",
  MIRRORCTL_TLS_MIN_VERSION: "1.3",
  MIRRORCTL_TLS_MAX_VERSION: "1.3",
  MIRRORCTL_TLS_INSECURE_SKIP_VERIFY: "true",
  MIRRORCTL_TLS_CA_CERT_FILE: "~/ca.pem",
  MIRRORCTL_TLS_CLIENT_CERT_FILE: "/c.pem",
  MIRRORCTL_TLS_CLIENT_KEY_FILE: "/k.pem",
  MIRRORCTL_TLS_CIPHER_SUITES: "TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384",
  MIRRORCTL_TLS_SERVER_NAME: "apt.example.org",
};

describe("environment variables", () => {
  test("every one overrides the file", async () => {
    const file = withMirror('[log]\nlevel = "error"\n[tls]\nmin_version = "1.2"\nserver_name = "x"');
    const config = await load(`max_conns = 50\n${file}`, everyVariable);
    expect(config).toMatchObject({
      dir: "/from/environment",
      maxConns: 3,
      log: { level: "debug", format: "json" },
    });
    expect(config.mirrors[0]?.tls).toEqual({
      minVersion: "TLSv1.3",
      maxVersion: "TLSv1.3",
      insecureSkipVerify: true,
      caCertFile: "/home/admin/ca.pem",
      clientCertFile: "/c.pem",
      clientKeyFile: "/k.pem",
      cipherSuites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"],
      serverName: "apt.example.org",
    });
  });

  test("set what the file lacks", async () => {
    expect(await load("", everyVariable)).toMatchObject({ dir: "/from/environment", maxConns: 3 });
  });

  test("leave a mirror's own table in force", async () => {
    const text = withMirror('[mirrors.m.tls]\nserver_name = "own"');
    const config = await load(text, { MIRRORCTL_TLS_SERVER_NAME: "other" });
    expect(config.mirrors[0]?.tls.serverName).toBe("own");
  });

  test.each([
    ["1", true],
    ["0", false],
    ["false", false],
  ])("read %s as %s", async (text, expected) => {
    const config = await load(withMirror(), { MIRRORCTL_TLS_INSECURE_SKIP_VERIFY: text });
    expect(config.mirrors[0]?.tls.insecureSkipVerify).toBe(expected);
  });

  test("count as not set if empty, and are ignored if unknown", async () => {
    const env = { MIRRORCTL_DIR: "", MIRRORCTL_CONFIG: "/x", MIRRORCTL_NONSENSE: "y", MAX_CONNS: "4" };
    expect(await load(withMirror(), env)).toMatchObject({ dir: "/srv/apt", maxConns: 10 });
  });

  test.each([
    ["MIRRORCTL_DIR", "relative", 'found "relative", expected an absolute path'],
    ["MIRRORCTL_MAX_CONNS", "abc", 'found "abc", expected a whole number of at least 1'],
    ["MIRRORCTL_MAX_CONNS", "0", "found 0, expected a whole number of at least 1"],
    ["MIRRORCTL_MAX_CONNS", "1e1", 'found "1e1", expected a whole number'],
    ["MIRRORCTL_LOG_LEVEL", "trace", 'found "trace", expected "debug"'],
    ["MIRRORCTL_TLS_INSECURE_SKIP_VERIFY", "yes", 'found "yes", expected true or false'],
    ["MIRRORCTL_TLS_MIN_VERSION", "1.1", 'found "1.1", expected "1.2" or "1.3"'],
    [
      "MIRRORCTL_TLS_CIPHER_SUITES",
      "TLS_AES_128_GCM_SHA256,RC4",
      'found "RC4", expected one of "TLS_AES_128_GCM_SHA256", ',
    ],
  ])("a bad %s=%s is named", async (variable, value, expected) => {
    const problems = await problemsOf(withMirror(), { [variable]: value });
    expect(problems).toEqual([expect.stringContaining(`${variable}: ${expected}`)]);
  });

  test("leave a value that should be a table for the check to refuse", async () => {
    const problems = await problemsOf('dir = "/srv"\nlog = 1', { MIRRORCTL_LOG_LEVEL: "info" });
    expect(problems).toEqual(["2:7: log: found 1, expected a table"]);
  });
});
