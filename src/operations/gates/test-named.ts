import type { SnapshotTest } from "../../gates/index.ts";
import { requireSnapshot, requireStaged } from "../trees/index.ts";
import { type GatePorts } from "./subject/subject.ts";
import { type TestOptions, testSnapshot } from "./test-snapshot.ts";

/** Tests the snapshot of this name, or the staged one. */
export async function testNamed(
  ports: GatePorts,
  name: string | undefined,
  options: TestOptions,
): Promise<SnapshotTest> {
  const snapshot = name === undefined ? await requireStaged(ports) : await requireSnapshot(ports, name);
  return await testSnapshot(ports, snapshot, options);
}
