/** Space on a disk: bytes, and one inode for each file and each directory. */
export interface Space {
  readonly bytes: number;
  readonly inodes: number;
}

/** Free space. Inodes are undefined on a file system without a fixed number of them, such as btrfs. */
export interface FreeSpace {
  readonly bytes: number;
  readonly inodes: number | undefined;
}

/** What does not fit. */
export interface Shortage {
  readonly what: "bytes" | "inodes";
  readonly needed: number;
  readonly free: number;
}

/** The block of ext4, xfs and btrfs: files and directories take multiples of it. */
const blockBytes = 4096;

export const noSpace: Space = { bytes: 0, inodes: 0 };

export const addSpace = (...spaces: readonly Space[]): Space => ({
  bytes: spaces.reduce((sum, { bytes }) => sum + bytes, 0),
  inodes: spaces.reduce((sum, { inodes }) => sum + inodes, 0),
});

export const subtractSpace = (space: Space, less: Space): Space => ({
  bytes: space.bytes - less.bytes,
  inodes: space.inodes - less.inodes,
});

export function spaceOfFiles(files: Iterable<{ readonly sizeBytes?: number | undefined }>): Space {
  let bytes = 0;
  let inodes = 0;
  for (const { sizeBytes = 0 } of files) {
    bytes += Math.ceil(sizeBytes / blockBytes) * blockBytes;
    inodes++;
  }
  return { bytes, inodes };
}

export const spaceOfDirectories = (count: number): Space => ({ bytes: count * blockBytes, inodes: count });

/** Counts the directories above these paths. Most lists have the paths of a directory one after the other. */
export function countDirectoriesOf(paths: Iterable<string>): number {
  const directories = new Set<string>();
  let last = "";
  for (const path of paths) {
    if (path.lastIndexOf("/") === last.length && path.startsWith(last)) continue;
    last = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const directory = path.slice(0, end);
      if (directories.has(directory)) break;
      directories.add(directory);
    }
  }
  return directories.size;
}

export function shortagesOf(needed: Space, free: FreeSpace): readonly Shortage[] {
  return (["bytes", "inodes"] as const).flatMap((what) => {
    const left = free[what] ?? Number.POSITIVE_INFINITY;
    return needed[what] > left ? [{ what, needed: needed[what], free: left }] : [];
  });
}
