import { join } from "node:path";
import { completing } from "../../src/completion/index.ts";
import { executable } from "../../test/support/index.ts";
import type { Contestant, Group } from "../measure/row.ts";

export const startUp: Group = {
  name: "start-up",
  title: "Start",
  says: "Commands that do nothing else.",
  async *rows({ settings: { against } }) {
    const programs = { mirrorctl: executable, ...(against === undefined ? {} : { AGAINST: against }) };
    yield {
      work: "start",
      rounds: 10,
      contestants: [
        contestant("node -e 0", process.execPath, "-e", "0"),
        ...Object.entries(programs).flatMap(([name, program]) =>
          ["version", "--help"].map((argument) => contestant(`${name} ${argument}`, program, argument)),
        ),
        contestant("completion of a mirror", executable, completing, "mirrors", exampleConfig),
      ],
    };
  },
};

const exampleConfig = join(import.meta.dirname, "../../examples/mirror.toml");

const contestant = (name: string, ...argv: readonly string[]): Contestant => ({
  name,
  command: () => ({ argv }),
});
