import { hasStrongDigest } from "../digests.ts";
import { RepositoryError } from "../errors.ts";
import type { ListedFile } from "../listed-file.ts";
import { quote } from "../text.ts";
import type { FieldName, Stanza } from "./stanzas.ts";

/** Returns the value of a field. Throws FIELD_MISSING if it is absent or empty. */
export function requireField(stanza: Stanza, name: FieldName): string {
  const value = stanza.get(name);
  if (value !== undefined && value !== "") return value;
  const packageName = stanza.get("package");
  const owner = packageName ? `package ${quote(packageName)} has` : "a stanza with";
  throw new RepositoryError(
    "FIELD_MISSING",
    `${owner} no ${name.replace(/^./, (char) => char.toUpperCase())}`,
    { facts: { field: name } },
  );
}

/** Throws DIGEST_MISSING for a file without SHA-256 and SHA-512, or with `allowWeak`, without any digest. */
export function requireDigest(file: ListedFile, allowWeak: boolean): void {
  if (hasStrongDigest(file.digests)) return;
  const listed = Object.keys(file.digests);
  if (allowWeak && listed.length > 0) return;
  throw new RepositoryError("DIGEST_MISSING", `${quote(file.path)} is listed without SHA256 and SHA512`, {
    facts: { path: file.path, listed },
    hint:
      listed.length > 0
        ? "The index has only digests that can be forged, and apt refuses to download from it. allow_weak accepts them."
        : "Nothing could verify this file, and apt refuses to download it. Tell the owner of the upstream.",
  });
}
