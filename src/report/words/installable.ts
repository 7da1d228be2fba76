import type { MachineReport } from "../../operations/installable/index.ts";
import { searchTooLong } from "./cause.ts";

/** Says in one line what machines of one kind can install. */
export function machineText({
  architecture,
  checked,
  uninstallable,
  undetermined,
  together,
}: MachineReport): string {
  if (together !== undefined) return `${architecture}: ${togetherWords[together.result]}`;
  const found = [
    `${checked - uninstallable.length - undetermined.length} of ${checked} packages can be installed`,
    ...(undetermined.length === 0 ? [] : [`for ${undetermined.length} ${searchTooLong}`]),
  ];
  return `${architecture}: ${found.join("; ")}`;
}

const togetherWords = {
  installable: "these can be installed together",
  uninstallable: "these cannot be installed together",
  undetermined: `whether these can be installed together is unknown: ${searchTooLong}`,
} as const;
