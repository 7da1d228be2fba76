import type { Place } from "../drafts/place.ts";

/** A setting of debmirror, by the name of its option. */
export interface Setting {
  readonly name: string;
  readonly values: readonly string[];
  readonly place: Place;
  readonly said: string;
}

/** The settings of one configuration. Of those that have one value, the last counts. */
export class Settings {
  readonly #all: readonly Setting[];

  constructor(all: readonly Setting[]) {
    this.#all = all;
  }

  last(...names: readonly string[]): Setting | undefined {
    return this.#all.findLast(({ name }) => names.includes(name));
  }

  value(name: string): string | undefined {
    return this.last(name)?.values[0];
  }

  /** Returns the items of all its values, each of which may have several with commas between. */
  items(name: string, byDefault = ""): readonly string[] {
    const items = this.#all
      .filter((one) => one.name === name)
      .flatMap(({ values }) => values)
      .flatMap(itemsOf);
    return items.length === 0 ? itemsOf(byDefault) : items;
  }

  /** Of a switch that has an opposite: the last of both counts. */
  isOn(name: string, byDefault: boolean): boolean {
    const last = this.last(name, `no${name}`);
    return last === undefined ? byDefault : last.name === name && last.values[0] !== "0";
  }
}

const itemsOf = (text: string): readonly string[] =>
  text
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
