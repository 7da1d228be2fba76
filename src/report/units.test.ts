import { describe, expect, test } from "vitest";
import { countOf, formatBytes, formatSpan, formatTime } from "./units.ts";

describe("formatBytes", () => {
  test.each([
    [0, "0 B"],
    [1, "1 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [1049, "1.0 kB"],
    [1050, "1.1 kB"],
    [999_949, "999.9 kB"],
    [999_950, "1.0 MB"], // never "1000.0 kB"
    [45_200_000_000, "45.2 GB"],
    [3_100_000_000_000, "3.1 TB"],
    [7e15, "7.0 PB"],
    [1.5e19, "15000.0 PB"],
    [-2_000_000, "-2.0 MB"],
  ])("%d is %s", (sizeBytes, text) => {
    expect(formatBytes(sizeBytes)).toBe(text);
  });
});

describe("formatSpan", () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const day = 24 * hour;
  test.each([
    [0, "0s"],
    [999, "0s"],
    [1000, "1s"],
    [59_999, "59s"],
    [minute, "1m"],
    [12 * minute + 5 * second, "12m 5s"],
    [hour + 59 * second, "1h"], // the two largest units are hours and minutes
    [3 * day + 4 * hour + 50 * minute, "3d 4h"],
    [400 * day, "400d"],
    [-(2 * hour + minute), "-2h 1m"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(formatSpan(milliseconds)).toBe(text);
  });
});

test("formats a time in UTC, to the second", () => {
  expect(formatTime(new Date("2025-10-14T15:45:30.999Z"))).toBe("2025-10-14 15:45:30 UTC");
});

test.each([
  [0, "0 files"],
  [1, "1 file"],
  [2, "2 files"],
])("%i is %s", (count, text) => {
  expect(countOf(count, "file")).toBe(text);
});

test("uses an irregular plural", () => {
  expect(countOf(2, "entry", "entries")).toBe("2 entries");
});
