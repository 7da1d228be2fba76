import { symlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { certificates, key, open, pem, problemsOf, withMirror } from "./check-config.fixture.ts";

describe("files that the configuration names", () => {
  const unreadable = [
    ["no.asc", "cannot read ~/no.asc: there is no such file"],
    ["www", "cannot read ~/www: it is a directory"],
    ["key.asc/x", "cannot read ~/key.asc/x: a part of its path is not a directory"],
  ] as const;
  const tlsKeys = ["ca_cert_file", "client_cert_file", "client_key_file"] as const;
  const settings = ["pgp_key_path", ...tlsKeys.map((name) => `tls.${name}`)];

  test.each(
    settings.flatMap((setting) => unreadable.map(([file, fault]) => [setting, file, fault] as const)),
  )("%s = %j: %s", async (setting, file, fault) => {
    // client_cert_file and client_key_file come together.
    const other = { "tls.client_cert_file": "key", "tls.client_key_file": "cert" }[setting];
    const pair =
      other === undefined ? "" : `tls.client_${other}_file = "client.${other.replace("cert", "pem")}"\n`;
    const checked = setting === "pgp_key_path" ? "" : "\nno_pgp_check = true";
    const text = withMirror(`${setting} = "${file}"${checked}\n${pair}`);
    const problems = await problemsOf(text, { ...pem, "key.asc": key.publicKeyArmored });
    expect(problems).toEqual([`7:${setting.length + 4}: mirrors.noble.${setting}: ${fault}`]);
  });

  test.each([
    ["pgp_key_path", "none.txt", /^key file ~\/none\.txt: no OpenPGP public key found/],
    ["tls.ca_cert_file", "none.txt", /^~\/none\.txt has no certificate, expected PEM/],
    ["tls.ca_cert_file", "client.key", /^~\/client\.key has a private key, expected a certificate$/],
  ])("%s = %j: %s", async (setting, file, fault) => {
    const text = withMirror(
      `${setting} = "${file}"${setting === "pgp_key_path" ? "" : "\nno_pgp_check = true"}`,
    );
    const [problem, ...others] = await problemsOf(text, { ...pem, "none.txt": "<html>" });
    expect(problem?.replace(/^7:\d+: mirrors\.noble\.[a-z_.]+: /, "")).toMatch(fault);
    expect(others).toEqual([]);
  });

  test.each([
    ["client.pem", "~/client.pem has a certificate, expected a private key"],
    [
      "none.txt",
      "~/none.txt has no private key, expected PEM, which begins with -----BEGIN PRIVATE KEY-----",
    ],
    [
      "other.key",
      "the [tls] settings cannot be used: client_key_file does not belong to the certificate of client_cert_file",
    ],
  ])("client_key_file = %j: %s", async (file, fault) => {
    const text = `tls = { client_cert_file = "client.pem", client_key_file = "${file}" }\n${withMirror("no_pgp_check = true")}`;
    const files = { ...pem, "none.txt": "<html>", "other.key": certificates.server.key };
    expect(await problemsOf(text, files)).toEqual([`1:60: tls.client_key_file: ${fault}`]);
  });

  test.each([
    ["no.status", "cannot read ~/no.status: there is no such file"],
    ["none.txt", /^~\/none\.txt:1: .*, expected a copy of \/var\/lib\/dpkg\/status$/],
    ["empty", "~/empty lists no installed package, expected a copy of /var/lib/dpkg/status"],
  ])("profiles = [%j]: %s", async (file, fault) => {
    const text = `gates = { profiles = ["web.status", "${file}"] }\n${withMirror("no_pgp_check = true")}`;
    const web = "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n";
    const [problem, ...others] = await problemsOf(text, {
      "web.status": web,
      "none.txt": "<html>",
      empty: "",
    });
    expect(problem?.replace(/^1:\d+: gates\.profiles\[1\]: /, "")).toMatch(fault);
    expect(others).toEqual([]);
  });

  test("are reported with all other mistakes, in the order of the file", async () => {
    const text = `max_conns = 0
dir = "/etc/hostname/x"
[mirrors.b]
url = "http://example.org"
suites = ["s/"]
pgp_key_path = ["key.asc", "no.asc"]
components = ["main"]
[mirrors.b.tls]
ca_cert_file = "none.txt"
[mirrors.c]
url = "http://example.org"
suites = ["s/"]
pgp_key_path = "no.gpg"
[tls]
client_cert_file = "no.pem"
client_key_file = ""
`;
    const problems = await problemsOf(text, { "key.asc": key.publicKeyArmored, "none.txt": "" });
    expect(problems.map((line) => line.split(" ", 2).join(" "))).toEqual([
      "1:13: max_conns:",
      "2:7: dir:",
      "6:28: mirrors.b.pgp_key_path[1]:",
      "7:1: unknown",
      "9:16: mirrors.b.tls.ca_cert_file:",
      "13:16: mirrors.c.pgp_key_path:",
      "15:20: tls.client_cert_file:",
      "16:19: tls.client_key_file",
    ]);
  });

  test("are checked once, also if several mirrors use them", async () => {
    const mirror = withMirror("no_pgp_check = true");
    const other = mirror.replace(/^dir.*\n/, "").replace("noble", "jammy");
    const text = `tls.ca_cert_file = "no.pem"\n${mirror}${other}`;
    expect(await problemsOf(text)).toEqual([
      "1:20: tls.ca_cert_file: cannot read ~/no.pem: there is no such file",
    ]);
  });

  test("do not matter if signatures are not checked", async () => {
    expect(await problemsOf(withMirror('pgp_key_path = "no.asc"\nno_pgp_check = true'))).toEqual([]);
  });

  test("end the check with an error that mirrorctl does not know", async () => {
    const site = await open(withMirror(`pgp_key_path = "${"k".repeat(300)}.asc"`));
    await expect(site.check()).rejects.toMatchObject({ code: "ENAMETOOLONG" });
  });

  test("that are links to themselves are named", async () => {
    const site = await open(withMirror('pgp_key_path = "key.asc"'));
    symlinkSync("key.asc", site.directory.join("key.asc"));
    expect(JSON.stringify(await site.check())).toContain(
      "key.asc: it is a symbolic link that leads to itself",
    );
  });
});
