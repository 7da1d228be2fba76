/** Words for dictionaries, as latin1 text. */

const split = (words: string): readonly string[] => words.split(" ");

export const whiteSpace: readonly string[] = [
  "\n",
  "\r\n",
  "\n\n",
  "\r\n\r\n",
  "\n \n",
  "\n ",
  "\n\t",
].concat([" \n", "\t\r\n", "\r", " ", "\xa0"]);

const digests = [32, 40, 64, 128].map((digits) => "0123456789abcdef".repeat(8).slice(0, digits));

export const digestWords: readonly string[] = digests.concat(digests.map((digest) => digest.toUpperCase()));

export const pathWords: readonly string[] = [
  split("../ /.. ./ /./ // .. . \\ %2e%2e %2F ~ + : http://h/ pool/main/h/hello/hello_1.0-1_amd64.deb"),
  split("\xc3\xa9 \xc0\xae \xc2\x9b \xef\xbb\xbf \xed\xa0\x80 \xf0\x9f\x98\x80 \x7f \0"),
  ["x".repeat(255), "x".repeat(256), "a/".repeat(1_024)],
].flat();

export const fieldWords: readonly string[] = [
  split("Package Version Architecture Filename Size Source MD5sum SHA1 SHA256 SHA512 Description Directory"),
  split("Files Checksums-Sha1 Checksums-Sha256 Checksums-Sha512 : A: \xef\xbb\xbf"),
  ["Package: a\n", "\nFilename: ", "\nSize: 1\n", "\n\nPackage: b\n", "\n#", "\n-", ": ", "<!DOCTYPE html>"],
  whiteSpace,
].flat();

const indices = split(
  "main/binary-amd64/Packages main/source/Sources main/i18n/Translation-en Packages Sources",
);

export const releaseWords: readonly string[] = [
  split("Origin Label Suite Codename Version Date Valid-Until Architectures Components MD5Sum SHA1 SHA256"),
  split("SHA512 Acquire-By-Hash No-Support-for-Architecture-all Packages stable main amd64 all yes"),
  split("updates/main InRelease Release Release.gpg main/Contents-amd64 Contents-all en .xz .gz .lz4"),
  split("main/dep11/Components-amd64.yml main/cnf/Commands-amd64 main/binary-all/Packages"),
  split("main/debian-installer/binary-amd64/Packages main/installer-amd64/current/images/SHA256SUMS"),
  ["\nSHA256:\n", "\nMD5Sum:\n", "\nDate: Sat, 10 Jun 2023 08:53:33 UTC\n"],
  ["\narm64\n", "\n# x: y\n", "\n-x: y\n", "\nValid-Until: \n", "\n x 1 main/Contents-amd64\n"],
  indices.map((name) => `\n ${digests[2]} 12 ${name}`),
  indices.map((name) => `\n ${digests[0]} 12 ./${name}`),
].flat();

const armorLabels = ["SIGNED MESSAGE", "SIGNATURE", "MESSAGE", "PUBLIC KEY BLOCK", "PRIVATE KEY BLOCK"];

export const armorWords: readonly string[] = [
  armorLabels.map((label) => `-----BEGIN PGP ${label}-----\n`),
  armorLabels.map((label) => `-----END PGP ${label}-----\n`),
  ["Hash: SHA512\n", "Hash: SHA256, SHA1\n", "Version: GnuPG v2\n", "Comment: ", "Charset: UTF-8\n"],
  ["MessageID: x\n", "NotDashEscaped: yes\n", "\n- ", "\n- -", "\n-", "\n--", "- ", "=AAAA\n"],
  split("----- = == iHUEARYKAB0 KBXf \x88\x75\x04 \xc2\xc0\xff\xff\xff\xff \x99\x01\x0d"),
].flat();

export const configWords: readonly string[] = [
  split("dir max_conns level format min_version ca_cert_file client_cert_file cipher_suites path url suites"),
  split(
    "default_name_format keep_last keep_within keep_rollbacks staging production grace sections architectures",
  ),
  split(
    "mirror_source pgp_key_path signed_by no_pgp_check publish_to_staging keep_versions exclude_patterns",
  ),
  split("allow_missing translations installer insecure_skip_verify true false inf nan 0x1f 1979-05-27 1e400"),
  split("[[ ]] { } [ ] = \" \"\"\" ' ''' # , . \\u0000 \\uD800 \\ __proto__ constructor toString"),
  split('"./" "../" "~/x" "http://u:p@h/" "30d" "2006-01-02" "(a+)+$" "[" "" 9223372036854775807'),
  ["log", "tls", "snapshot", "snapshot.prune", "publish", "mirrors.m", "mirrors.m.filters"].map(
    (table) => `[${table}]\n`,
  ),
  ["\n", " = "],
].flat();
