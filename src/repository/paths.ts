/**
 * A relative path below a repository's base that is safe to create: normalised ("./", "//" and a leading "/" are gone),
 * no ".." segment, no control character, no backslash, no segment over 255 bytes. Slashes separate, never first or last.
 */
export type RepositoryPath = string & { readonly brand: "RepositoryPath" };
