/**
 * Does some work with a file, and adds its path to the error of a call that knows only a descriptor, such as read(2) and
 * fsync(2): a message about a disk that fails must name the file.
 */
export function namingPath<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    namePath(error, path);
    throw error;
  }
}

/** Adds a path to an error of the system that names none. */
export function namePath(error: unknown, path: string): void {
  if (!(error instanceof Error) || !("syscall" in error) || "path" in error) return;
  error.message += ` '${path}'`;
  Object.assign(error, { path });
}
