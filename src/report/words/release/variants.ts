import type { VariantLeftOut } from "../../../plan/index.ts";

/** Returns the words for the log of a sync, and for `status`. */
export function variantLeftOutText({
  variant,
  architecture,
  suites,
  architectures,
}: VariantLeftOut & { readonly architectures: readonly string[] }): string {
  const lists = suites.length === 1 ? "lists" : "list";
  const names = architectures.map((name) => JSON.stringify(name)).join(", ");
  return `${suites.join(", ")} ${lists} ${variant}, a variant of ${architecture} that is not mirrored
Clients that enable it ask for it here too, and cannot update. Add it: architectures = [${names}]
Or let them do without it: "Architectures: ${architecture}" in their .sources file`;
}
