import type { Place } from "../../imports/index.ts";

/** Names a place in the configuration of another tool, before what is said of it. */
export function importPlaceText(place: Place | undefined): string {
  if (place === undefined) return "";
  if ("argument" in place) return `argument ${place.argument}: `;
  if ("mirror" in place) return `${place.field} of ${place.mirror}: `;
  return place.file === undefined ? `line ${place.line}: ` : `${place.file}:${place.line}: `;
}
