import { describe, expect, test } from "vitest";
import { parseRelease } from "./release.ts";
import { release } from "./test-support.ts";

const validUntilOf = (date: string) => parseRelease(`Valid-Until: ${date}\nSHA256:\n`, "Release");
const dateOf = (date: string) => parseRelease(`Date: ${date}\nSHA256:\n`, "Release");

describe("dates", () => {
  test.each([
    ["Sat, 10 Jun 2023 08:53:33 UTC", "2023-06-10T08:53:33Z"],
    ["Sat, 10 Jun 2023 08:53:33 GMT", "2023-06-10T08:53:33Z"],
    ["Sat, 10 Jun 2023 08:53:33 +0000", "2023-06-10T08:53:33Z"],
    ["Thu,  1 Feb 2024  8:03:03 UTC", "2024-02-01T08:03:03Z"],
    ["Thu, 29 Feb 2024 23:59:59 UTC", "2024-02-29T23:59:59Z"],
    ["Fri,  9 Feb 0024 00:00:00 UTC", "0024-02-09T00:00:00Z"],
    ["Sat, 10 JUNE 2023  08:53:33  UTC", "2023-06-10T08:53:33Z"],
    ["Sat Jun 10 08:53:33 2023", "2023-06-10T08:53:33Z"],
    ["Thu Feb  1  8:03:03 2024", "2024-02-01T08:03:03Z"],
  ])("%s is read", (text, date) => {
    const { date: found, remarks } = dateOf(text);
    expect([found, remarks]).toEqual([new Date(date), []]);
    expect(validUntilOf(text).validUntil).toEqual(date.startsWith("0") ? undefined : new Date(date));
  });

  test.each([
    ["Saturday, 10-Jun-95 08:53:33 GMT", "1995-06-10T08:53:33Z"],
    ["Saturday, 1-Jun-123 08:53:33 UTC", "2023-06-01T08:53:33Z"],
    ["Saturday, 10-Jun-23 08:53:33 UTC", "1923-06-10T08:53:33Z"],
    ["Saturday, 10-Jun-2023 08:53:33 UTC", "3923-06-10T08:53:33Z"],
  ])("%s is read as in apt, its year added to 1900, with a remark", (text, date) => {
    const { date: found, remarks } = dateOf(text);
    expect([found, remarks]).toEqual([new Date(date), [{ kind: "year-short", field: "Date", text }]]);
  });

  test.each(["", "  ", "\n "])("an empty Valid-Until, such as %j, counts as absent", (text) => {
    expect(validUntilOf(text)).toMatchObject({ validUntil: undefined, remarks: [] });
  });

  test.each(["Saturday, 10-Jun-69 08:53:33 UTC", "Thu, 01 Jan 1970 00:00:00 UTC"])(
    "a Valid-Until before 1970, such as %s, does not limit, as in apt",
    (text) => {
      const { validUntil, remarks } = validUntilOf(text);
      expect([validUntil, remarks]).toEqual([undefined, [{ kind: "valid-until-without-effect", text }]]);
    },
  );

  test.each([
    "Sat, 10 Jun 2023 08:53:33 -0500",
    "Sat, 10 Jun 2023 08:53:33 EST",
    "Sat, 10 Jun 2023 08:53:33",
    "10 Jun 2023 08:53:33 UTC",
    "2023-06-10T08:53:33Z",
    "Wed, 29 Feb 2023 00:00:00 UTC",
    "Sat, 10 Jun 2023 24:00:00 UTC",
    "Sat, 10 Jun 2023 08:60:00 UTC",
    "Sat, 10 Jun 2023 08:53:33 UTC and more",
    "Sat Jun 10 08:53:33 2023 UTC",
    "Sat Jun 10 08:53:33 23",
    "Saturday Jun 10 08:53:33 2023",
    "Saturday 10-Jun-23 08:53:33 UTC",
    "Saturday, 10-Jun-23 08:53:33",
    "Saturday, 10-Jun-23-1 08:53:33 UTC",
    "Sat, 10-Jun-23 08:53:33 UTC",
    "Saturday, 10 Jun 23 08:53:33 UTC",
  ])("%j is unreadable: a remark for Date, an error for Valid-Until", (text) => {
    expect(dateOf(text)).toMatchObject({ date: undefined, remarks: [{ kind: "date-unreadable", text }] });
    expect(() => release(`Valid-Until: ${text}\nSHA256:\n`)).toThrow(
      expect.objectContaining({ code: "FIELD_MALFORMED", message: expect.stringContaining("Valid-Until") }),
    );
  });

  test("an empty Date is unreadable, with a remark", () => {
    expect(dateOf("")).toMatchObject({ date: undefined, remarks: [{ kind: "date-unreadable", text: "" }] });
  });

  test("a Release may have no Date", () => {
    expect(parseRelease("SHA256:\n", "Release")).toMatchObject({ date: undefined, remarks: [] });
  });
});
