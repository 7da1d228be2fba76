import { describe, expect, test } from "vitest";
import { defaultPipelining, Pipelining, type PipeliningEvent } from "./pipelining.ts";

function pipelining() {
  const events: PipeliningEvent[] = [];
  const of = new Pipelining({ ...defaultPipelining, roundTripMs: 5 });
  const tell = (event: PipeliningEvent): void => void events.push(event);
  return {
    of,
    events,
    broke: (why: string): void => of.broke(why, tell),
    wait: (...waitsMs: number[]): void => {
      for (const waitMs of waitsMs) of.waited(waitMs);
    },
    answer: (count: number): void => {
      for (let left = count; left > 0; left--) of.answered(tell);
    },
  };
}

const far = [100, 101, 102, 103, 104, 105, 106, 107];

describe("pipelining", () => {
  test("is tried after eight slow responses, and used after three in the trial", () => {
    const { of, events, wait, answer } = pipelining();
    wait(...far.slice(1));
    expect(of.state).toBe("off");
    wait(100);
    expect(of.state).toBe("trial");
    answer(2);
    expect(of.state).toBe("trial");
    answer(1);
    expect(of.state).toBe("on");
    answer(1);
    expect(events).toEqual([{ type: "pipelining-started", roundTripMs: 100, depth: 10 }]);
  });

  test("is not used if any response came at once", () => {
    const { of, wait, answer } = pipelining();
    wait(...far);
    answer(100);
    wait(4.9);
    expect(of.state).toBe("off");
  });

  test("tolerates a break for every 32 responses", () => {
    const { of, events, wait, answer, broke } = pipelining();
    wait(...far);
    answer(64);
    broke("closed");
    broke("closed");
    expect(of.state).toBe("on");
    broke("closed thrice");
    expect(of.state).toBe("off");
    expect(events.at(-1)).toEqual({ type: "pipelining-ended", reason: "closed thrice" });
  });

  test("is given up for good, and reports it once", () => {
    const { of, events, wait, answer, broke } = pipelining();
    wait(...far);
    broke("closed");
    broke("closed again");
    answer(100);
    expect(of.state).toBe("off");
    expect(events.filter(({ type }) => type === "pipelining-ended")).toHaveLength(1);
  });
});
