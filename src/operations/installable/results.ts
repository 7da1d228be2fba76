import type { Cause, PackageId } from "../../installability/index.ts";

export interface Uninstallable extends PackageId {
  readonly causes: readonly Cause[];
}

/** What machines of one kind can install. */
export interface MachineReport {
  /** Such as "amd64", or a variant. */
  readonly architecture: string;
  /** How many packages the machine can choose from. */
  readonly packages: number;
  /** How many of them were checked. */
  readonly checked: number;
  readonly uninstallable: readonly Uninstallable[];
  /** Those for which the search took too long. */
  readonly undetermined: readonly PackageId[];
  /** Whether the packages that were asked for can be installed together. */
  readonly together?: Together;
}

/** Whether packages can be installed together. */
export interface Together {
  readonly result: "installable" | "uninstallable" | "undetermined";
  readonly causes: readonly Cause[];
}
