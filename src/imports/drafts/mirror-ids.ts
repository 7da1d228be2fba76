const idMax = 60;

/** Each id that is taken, and the number that the next mirror of that name tries first. */
export type TakenIds = Map<string, number>;

/** Returns an id such as "debian-bookworm" that is not in `taken`, and adds it there. */
export function mirrorId(url: string, suite: string, taken: TakenIds): string {
  const { hostname, pathname } = new URL(url);
  const name = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  return freeId(suite.endsWith("/") ? name : `${name}-${suite}`, taken);
}

/** Makes an id of any text; see `mirrorId`. */
export function freeId(text: string, taken: TakenIds): string {
  const base = idText(text);
  for (let count = taken.get(base) ?? 1; ; count++) {
    const id = count === 1 ? base : `${base}-${count}`;
    if (taken.has(id)) continue;
    taken.set(id, 2);
    taken.set(base, count + 1);
    return id;
  }
}

/** An id has lower-case letters, digits, "-" and "_", the first a letter or a digit. */
const idText = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .replaceAll(/^[-_]+|-+$/g, "")
    .slice(0, idMax) || "mirror";
