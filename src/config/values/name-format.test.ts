import { describe, expect, test } from "vitest";
import { ConfigError } from "../errors.ts";
import { parseNameFormat } from "./name-format.ts";

describe("parseNameFormat", () => {
  test.each(["2006-01-02T15-04-05Z", "20060102150405.000", "Monday_02_January_2006", "2006-002", "05"])(
    "accepts %s",
    (layout) => {
      expect(parseNameFormat(layout)).toBe(layout);
    },
  );

  test.each([
    ["2006-01-_2", '"2023-01- 2", which contains a blank or a control character'],
    ["2006-__2", '"2023-  2", which contains a blank or a control character'],
    ["2006/01/02", '"2023/01/02", which contains "/"'],
    ["Jan 2 2006", '"Jan 2 2023", which contains a blank or a control character'],
    [".999", '"", which is empty'],
    [".000", '".000", which starts with "."'],
    ["", '"", which is empty'],
    ["-2006-01-02", '"-2023-01-02", which starts with "-", as options do'],
    ["2006~replacing", 'which ends in "~replacing", as copies of replaced snapshots do'],
    ["2006".repeat(51), "which is longer than 200 bytes"],
    ["January".repeat(23), "which is longer than 200 bytes"],
    ["2006".repeat(46), "which is longer than 180 bytes, which leaves no room for a number"],
    ["YYYY-MM-DD", "contains no element of a time"],
    ["%Y-%m-%d", "contains no element of a time"],
    ["daily-MST", "contains no element of a time"],
  ])("refuses %j: %s", (layout, reason) => {
    expect(() => parseNameFormat(layout)).toThrow(ConfigError);
    expect(() => parseNameFormat(layout)).toThrow(reason);
  });
});
