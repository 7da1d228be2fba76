import type { Place } from "../drafts/place.ts";
import { ImportError } from "../errors.ts";
import type { NamedText } from "../named-text.ts";

/** The fields of aptly's JSON that matter, whatever types they have. */
export class AptlyMirror {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(value: unknown) {
    this.#fields = new Map(Object.entries(Object(value)));
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    return typeof value === "string" ? value : "";
  }

  texts(name: string): readonly string[] {
    const value = this.#fields.get(name);
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
  }

  isOn(name: string): boolean {
    return this.#fields.get(name) === true;
  }

  place(field: string): Place {
    return { mirror: this.text("Name") || "a mirror without a name", field };
  }
}

/** Returns the objects of a list, or of several values one after the other, each of which begins a line with "{". */
export function mirrorValues({ name, text }: NamedText): readonly unknown[] {
  const trimmed = text.trim();
  if (trimmed === "") throw notJson(name);
  const parts = trimmed.startsWith("[") ? [trimmed] : trimmed.split(/\n(?=\{)/);
  return parts.flatMap((part) => {
    try {
      const value: unknown = JSON.parse(part);
      return Array.isArray(value) ? (value as readonly unknown[]) : [value];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw notJson(name);
    }
  });
}

const notJson = (name: string): ImportError =>
  new ImportError(
    "IMPORT_UNREADABLE",
    `${name} is not JSON, expected what "aptly mirror show -json" prints`,
    {
      hint: showMirrors,
    },
  );

const showMirrors = "aptly mirror list -raw | xargs -n 1 aptly mirror show -json > mirrors.json";
