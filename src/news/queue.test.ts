import { describe, expect, test } from "vitest";
import { claimDue, type Delivery, keepWorthwhile, settle } from "./index.ts";

const noon = new Date("2026-05-04T12:00:00Z");
const minutes = (count: number): Date => new Date(noon.getTime() + count * 60_000);

const delivery = (id: string, more: Partial<Delivery> = {}, at = noon): Delivery => ({
  to: "ntfy 1",
  message: { id, at: at.toISOString(), mood: "bad", title: id, text: "", news: [] },
  ...more,
});
const idsOf = (queue: readonly Delivery[]) => queue.map(({ message }) => message.id);
const failure = { reason: "closed", retryAfterMs: undefined };

describe("the queue", () => {
  test("gives a delivery to one run at a time, and to the next one after ten minutes", () => {
    const first = claimDue([delivery("a")], noon);
    expect(idsOf(first.due)).toEqual(["a"]);
    expect(claimDue(first.queue, minutes(9)).due).toEqual([]);
    expect(idsOf(claimDue(first.queue, minutes(10)).due)).toEqual(["a"]);
  });

  test("keeps what was not sent for the next run, and what others added", () => {
    const { due, queue } = claimDue([delivery("sent"), delivery("unsent")], noon);
    const attempts = due.map((one) => ({
      delivery: one,
      failure: one.message.id === "sent" ? undefined : failure,
    }));
    const settled = settle([...queue, delivery("other")], attempts, noon);
    expect(idsOf(settled)).toEqual(["unsent", "other"]);
    expect(idsOf(claimDue(settled, noon).due)).toEqual(["unsent", "other"]);
  });

  test("waits as long as the recipient asks, and a day at most", () => {
    const { due, queue } = claimDue([delivery("a")], noon);
    const after = (retryAfterMs: number) =>
      settle(
        queue,
        due.map((one) => ({ delivery: one, failure: { ...failure, retryAfterMs } })),
        noon,
      );
    expect(after(90_000)[0]?.notBefore).toBe("2026-05-04T12:01:30.000Z");
    expect(after(1e12)[0]?.notBefore).toBe("2026-05-05T12:00:00.000Z");
  });

  test("tells messages to several recipients apart", () => {
    const both = [delivery("a"), delivery("a", { to: "slack 2" })];
    const [first] = both;
    const settled = settle(both, first === undefined ? [] : [{ delivery: first, failure: undefined }], noon);
    expect(settled.map(({ to }) => to)).toEqual(["slack 2"]);
  });

  test("waits no longer than a day, also if the clock is set back", () => {
    const waiting = delivery("a", { notBefore: minutes(10).toISOString() });
    const lastYear = new Date("2025-05-04T12:00:00Z");
    expect(idsOf(claimDue([waiting], lastYear).due)).toEqual(["a"]);
  });

  test("drops nothing for one recipient because much waits for another", () => {
    const many = Array.from({ length: 201 }, (_, index) => delivery(String(index)));
    const { kept } = keepWorthwhile(
      [delivery("first", { to: "email 2" }), ...many],
      ["ntfy 1", "email 2"],
      noon,
    );
    expect(idsOf(kept).slice(0, 2)).toEqual(["first", "1"]);
  });

  test("drops what is a week old, for nobody, or more than 200", () => {
    const old = delivery("old", {}, minutes(-7 * 24 * 60 - 1));
    const strange = delivery("strange", { to: "slack 9" });
    const many = Array.from({ length: 201 }, (_, index) => delivery(String(index)));
    const { kept, dropped } = keepWorthwhile([old, strange, ...many], ["ntfy 1"], noon);
    expect(dropped).toBe(3);
    expect(idsOf(kept)[0]).toBe("1");
    expect(kept).toHaveLength(200);
  });
});
