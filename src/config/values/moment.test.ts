import { expect, test } from "vitest";
import { parseMoment } from "./moment.ts";

const now = new Date("2026-05-04T03:02:01Z");

test.each([
  ["2d", "2026-05-02T03:02:01.000Z"],
  ["1h30m", "2026-05-04T01:32:01.000Z"],
  ["0", "2026-05-04T03:02:01.000Z"],
  ["2026-05-01", "2026-05-01T00:00:00.000Z"],
  ["2026-05-01 03:10", "2026-05-01T03:10:00.000Z"],
  ["2026-05-01 03:10:30 UTC", "2026-05-01T03:10:30.000Z"],
  ["2026-05-01T03:10:30Z", "2026-05-01T03:10:30.000Z"],
  ["2026-05-01T03:10:30.125Z", "2026-05-01T03:10:30.125Z"],
])("%j is %s", (text, moment) => {
  expect(parseMoment(text, now).toISOString()).toBe(moment);
});

test.each(["", "yesterday", "2026-02-30", "2026-13-01", "2026-05-01T25:00", "2 days", "2026-05-01+02:00"])(
  "%j is refused, with the expected form",
  (text) => {
    const refused = expect.objectContaining({
      area: "config",
      message: expect.stringContaining('expected a duration such as "2d" or "12h", or a date such as'),
    });
    expect(() => parseMoment(text, now)).toThrow(refused);
  },
);
