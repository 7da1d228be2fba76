import type { MirrorContext } from "../context.ts";

const verb = "snapshot verify --repair";

/** Locks out everybody who makes or removes trees, links into them or sweeps what they share. */
export function lockAll(mirrors: readonly MirrorContext[]): Disposable {
  using locks = new DisposableStack();
  for (const mirror of mirrors) {
    locks.use(mirror.lockWorkingMirror(verb));
    locks.use(mirror.lockSnapshots(verb));
  }
  return locks.move();
}
