import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Part, SharedMemory } from "./shared-memory.ts";

const totalBytes = 1000;

/** Takes a part of so many bytes, or gives back one of those that are taken. */
const step = fc.oneof(
  fc.record({ take: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ giveBack: fc.nat({ max: 20 }) }),
);

test("no two parts overlap, and all that is given back can be taken as one", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const memory = new SharedMemory(totalBytes);
      const taken: Part[] = [];
      for (const each of steps) {
        const gapBytes = largestGap(taken);
        const part = "take" in each ? memory.take(each.take) : undefined;
        if ("giveBack" in each) for (const given of taken.splice(each.giveBack, 1)) memory.giveBack(given);
        expect(part !== undefined).toBe("take" in each && each.take <= gapBytes);
        if (part !== undefined) taken.push(part);
        expect(overlaps(taken)).toEqual([]);
      }
      for (const part of taken) memory.giveBack(part);
      expect(memory.take(totalBytes)).toEqual({ offset: 0, sizeBytes: totalBytes });
    }),
  );
});

const inOrder = (parts: readonly Part[]): Part[] => parts.toSorted((a, b) => a.offset - b.offset);

function overlaps(parts: readonly Part[]): readonly Part[] {
  let end = 0;
  return inOrder(parts).filter(({ offset, sizeBytes }) => {
    const isOver = offset < end || offset + sizeBytes > totalBytes;
    end = offset + sizeBytes;
    return isOver;
  });
}

function largestGap(parts: readonly Part[]): number {
  let [end, largest] = [0, 0];
  for (const { offset, sizeBytes } of [...inOrder(parts), { offset: totalBytes, sizeBytes: 0 }]) {
    largest = Math.max(largest, offset - end);
    end = offset + sizeBytes;
  }
  return largest;
}

test("takes the first part that fits, so that little of the memory is used", () => {
  const memory = new SharedMemory(totalBytes);
  const [first, second] = [memory.take(100), memory.take(100)];
  if (first === undefined || second === undefined) throw new Error("there is no room");
  memory.giveBack(first);
  expect(memory.take(60)?.offset).toBe(0);
  expect(memory.take(60)?.offset).toBe(200);
  expect(memory.take(40)?.offset).toBe(60);
});
