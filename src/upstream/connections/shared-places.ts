import type { Place } from "./passage.ts";

/** Where the requests of one attempt stood, one for each redirect, as far as they were not alone there. */
export class SharedPlaces {
  readonly #places = new Set<Place>();

  add(place: Place): void {
    this.#places.add(place);
  }

  get any(): boolean {
    return this.#places.values().some((place) => place.isShared);
  }

  blame(why: string): void {
    for (const place of this.#places) place.blame(why);
  }
}
