/** The compressions of an index. Each but "plain" is also the suffix of its name. */
export type Compression = "plain" | "gz" | "xz" | "bz2" | "zst" | "lzma" | "lz4";
