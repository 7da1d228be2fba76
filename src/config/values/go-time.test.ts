import { describe, expect, test } from "vitest";
import { cases, times } from "./go-time.cases.ts";
import { formatGoTime } from "./go-time.ts";

describe("formatGoTime", () => {
  test.each(cases)("formats %j as Go does", (layout, ...expected) => {
    expect(times.map((time) => formatGoTime(layout, new Date(time)))).toEqual(expected);
  });

  test("counts days to the end of a leap year", () => {
    expect(formatGoTime("002", new Date("2024-12-31T23:59:59.999Z"))).toBe("366");
    expect(formatGoTime("002", new Date("2024-01-01T00:00:00.000Z"))).toBe("001");
  });

  test("writes years before 1000 with four digits", () => {
    expect(formatGoTime("2006 06 __2", new Date("0099-03-01T00:00:00Z"))).toBe("0099 99  60");
  });
});
