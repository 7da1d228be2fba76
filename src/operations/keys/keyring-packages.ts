/** A Debian or Ubuntu package of keys. */
export interface KeyringPackage {
  readonly name: string;
  /** The file in it. */
  readonly path: string;
}

/**
 * Returns the package with a key, by its key ID. apt has verified a package from the archive of a machine's own distribution:
 * that is the safest way to such a key. Nothing is trusted because of this table.
 */
export const keyringPackageOf = (keyId: string): KeyringPackage | undefined =>
  packages.find(({ keyIds }) => keyIds.includes(keyId));

/** Primary keys and subkeys that sign suites which are still served. */
const packages: readonly (KeyringPackage & { readonly keyIds: readonly string[] })[] = [
  {
    name: "debian-archive-keyring",
    path: "/usr/share/keyrings/debian-archive-keyring.gpg",
    keyIds: [
      // 11, bullseye: archive, security, stable
      "73A4F27B8DD47936",
      "0E98404D386FA1D9",
      "A48449044AAD5C5D",
      "54404762BBB6E853",
      "605C66F00D6C9793",
      // 12, bookworm
      "B7C5D7D6350947F8",
      "6ED0E7B82643E131",
      "254CF3B5AEC0A8F0",
      "BDE6D2B9216EC7A8",
      "F8D2585B8783D481",
      // 13, trixie
      "225629DF75B188BD",
      "78DBA3BC47EF2265",
      "9904613D4CCE68C6",
      "8E9F831205B4BA95",
      "762F67A0B2C39DE4",
    ],
  },
  {
    name: "ubuntu-keyring",
    path: "/usr/share/keyrings/ubuntu-archive-keyring.gpg",
    keyIds: ["871920D1991BC93C", "3B4FE6ACC0B21F32"], // archive, 2018 and 2012
  },
];
