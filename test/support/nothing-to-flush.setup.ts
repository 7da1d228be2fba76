/**
 * Unit tests, and mirrorctl inside the process of an end-to-end test, flush no tree: their files are in memory, and for
 * a process of this size, starting `sync` takes longer than the rest of a small sync. What is flushed and when is tested
 * by flush.test.ts, order.faults.test.ts and lost-writes.faults.test.ts of test/faults, and the end-to-end tests of durability and power cuts.
 */
import { vi } from "vitest";

vi.mock("../../src/platform/flushing/flush.ts", () => ({ flushTrees: () => Promise.resolve() }));
