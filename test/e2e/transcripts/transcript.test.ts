import { expect, test } from "vitest";
import { perform, type Stage } from "./transcript.ts";

const directions: unknown[] = [];
const stage: Stage = {
  run: (machine, command) => Promise.resolve(`${machine ?? "host"} ran ${command}\nafter 3s, 12.5 kB\n`),
  direct(...all) {
    directions.push(all);
    return Promise.resolve();
  },
};

const page = `# Page
<!-- clock: 2026-11-02T03:10:00Z -->
<!-- file: /etc/x.toml -->
\`\`\`toml
a = 1
\`\`\`

<!-- upstream: next -->
\`\`\`console
$ a b
host ran a b
after 2m 1s, 45.2 GB
web-1$ c
web-1 ...
...
after 1s, 1 kB
\`\`\`
End.
`;

test("a page stays as it is if its commands print what it shows", async () => {
  expect(await perform(page, stage)).toBe(page);
  expect(directions).toEqual([
    ["clock", "2026-11-02T03:10:00Z"],
    ["file", "/etc/x.toml", "a = 1\n"],
    ["upstream", "next"],
  ]);
});

test("other output than that of the page replaces it", async () => {
  const wrong = page.replace("host ran a b\n", "").replace("web-1$ c\nweb-1 ...\n", "web-1$ c\nnothing\n");
  expect(await perform(wrong, stage)).toBe(
    page
      .replace("after 2m 1s, 45.2 GB", "after 3s, 12.5 kB")
      .replace("web-1 ...\n...\nafter 1s, 1 kB", "web-1 ran c\nafter 3s, 12.5 kB"),
  );
});
