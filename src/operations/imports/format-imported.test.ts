import { assert, property, string } from "fast-check";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { formatImported } from "./format-imported.ts";

test("writes TOML whatever the names are", () => {
  assert(
    property(string({ unit: "binary" }), (text) => {
      const mirror = {
        id: "m",
        urls: [text],
        suites: [text],
        sections: [],
        architectures: [],
        source: false,
        values: { pgp_key_path: [text] },
        tables: { filters: { exclude_patterns: [text] } },
        places: [],
      };
      const remark = { kind: "dropped", place: { file: text, line: 1 }, said: text, means: text } as const;
      const settings = { values: { max_conns: 2 }, tables: { tls: { server_name: text } } };
      const imported = { settings, mirrors: [mirror], credentials: [], remarks: [remark] };
      const value = text.toWellFormed();
      expect(parse(formatImported(imported, { from: text, dir: text }))).toEqual({
        dir: value,
        max_conns: 2,
        tls: { server_name: value },
        mirrors: {
          m: {
            url: value,
            suites: [value],
            pgp_key_path: [value],
            filters: { exclude_patterns: [value] },
          },
        },
      });
    }),
  );
});
