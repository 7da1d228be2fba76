import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSigningKey, readTree } from "../../test/support/index.ts";
import { checkConfig } from "./check-config.ts";
import { openSite } from "./test-support.ts";

const keyPath = "/tmp/mirrorctl-test-no-such-key.asc";

test("finds nothing wrong where keys can be read and directories written, and writes nothing", async () => {
  const site = await openSite('pgp_key_path = "key.asc"');
  const key = await createSigningKey();
  writeFileSync(site.directory.join("key.asc"), key.publicKeyArmored);
  const before = await readTree(site.directory.path);
  expect(await checkConfig([site.mirror("noble")])).toEqual({ problems: [], remarks: [] });
  expect(await readTree(site.directory.path)).toEqual(before);
});

test("names the mirror and the key file that cannot be read, or that holds no key", async () => {
  const missing = await openSite(`pgp_key_path = "${keyPath}"`);
  const { problems } = await checkConfig([missing.mirror("noble")]);
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^noble: .*${keyPath}`))]);

  const empty = await openSite('pgp_key_path = "key.asc"');
  writeFileSync(empty.directory.join("key.asc"), "no key at all");
  expect((await checkConfig([empty.mirror("noble")])).problems).toEqual([expect.stringMatching(/^noble: /)]);
});

test("names the file of a certificate that cannot be read", async () => {
  const site = await openSite(`no_pgp_check = true\n[mirrors.noble.tls]\nca_cert_file = "${keyPath}"`);
  const { problems } = await checkConfig([site.mirror("noble")]);
  expect(problems).toEqual([expect.stringMatching(new RegExp(`^noble: .*${keyPath}`))]);
});

test.each([
  ["no certificate", 'ca_cert_file = "ca.pem"', "ca_cert_file"],
  ["no key", 'client_cert_file = "ca.pem"\nclient_key_file = "ca.pem"', "client_key_file"],
])("names the setting of a file that holds %s", async (_what, settings, key) => {
  const site = await openSite(`no_pgp_check = true\n[mirrors.noble.tls]\n${settings}`);
  writeFileSync(site.directory.join("ca.pem"), "<html>");
  const { problems } = await checkConfig([site.mirror("noble")]);
  expect(problems).toEqual([
    expect.stringMatching(new RegExp(`^noble: the \\[tls\\] settings cannot.*${key}`)),
  ]);
});

test("finds what stands where a public link is to be, and leaves links alone", async () => {
  const site = await openSite("no_pgp_check = true");
  const noble = site.mirror("noble");
  mkdirSync(noble.layout.staging, { recursive: true });
  symlinkSync("/srv/elsewhere", noble.layout.production);
  const { problems } = await checkConfig([noble]);
  expect(problems).toEqual([expect.stringMatching(`^noble: ${noble.layout.staging} is not a link`)]);
});

test("reads the passwords of upstreams beside the configuration, and shows none", async () => {
  const site = await openSite("no_pgp_check = true");
  const path = site.directory.join("mirror.toml");
  expect((await checkConfig([site.mirror("noble")], path)).problems).toEqual([]);
  writeFileSync(site.directory.join("auth.conf"), "machin h.example login u password secret\n");
  const { problems } = await checkConfig([site.mirror("noble")], path);
  expect(problems).toEqual([expect.stringContaining("auth.conf:1: login stands before any machine")]);
  expect(problems.join()).not.toContain("secret");
});

test("takes for a problem only what mirrorctl has words for", async () => {
  const site = await openSite('pgp_key_path = "key.asc"');
  symlinkSync("key.asc", site.directory.join("key.asc"));
  await expect(checkConfig([site.mirror("noble")])).rejects.toMatchObject({ code: "ELOOP" });
});

test("says what is switched off", async () => {
  const site = await openSite("no_pgp_check = true\n[mirrors.noble.tls]\ninsecure_skip_verify = true");
  expect(await checkConfig([site.mirror("noble")])).toEqual({
    problems: [],
    remarks: [
      "noble: signatures are not checked (no_pgp_check)",
      "noble: certificates are not checked (insecure_skip_verify)",
    ],
  });
});

test("finds a place for snapshots that is a file", async () => {
  const site = await openSite(
    'no_pgp_check = true\n[mirrors.noble.snapshot]\npath = "/etc/hostname/snapshots"',
  );
  const { problems } = await checkConfig([site.mirror("noble")]);
  expect(problems).toEqual(["/etc/hostname is not a directory"]);
});

test("says once that snapshots on another file system are copies", async () => {
  const elsewhere = join(tmpdir(), "mirrorctl-none/snapshots"); // sites are in memory
  const site = await openSite(`no_pgp_check = true\n[mirrors.noble.snapshot]\npath = "${elsewhere}"`);
  const dir = site.directory.join("www");
  const isOther = statSync(dir).dev !== statSync(tmpdir()).dev;
  const { problems, remarks } = await checkConfig([site.mirror("noble"), site.mirror("noble")]);
  expect(problems).toEqual([]);
  expect(remarks.filter((remark) => remark.includes("file system"))).toEqual(
    isOther ? [`${elsewhere} is on another file system than ${dir}: snapshots are copies`] : [],
  );
});
