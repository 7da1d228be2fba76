import * as v from "valibot";
import { packageNameType, parsePackageName } from "../values/names.ts";
import { listOf, option, parsed, table } from "./option.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const gatesTable = table(
  "What a snapshot must meet before it is promoted. Without any of these, its signatures must hold and its files must be complete. `snapshot test` runs these gates, and `snapshot promote` too.",
  {
    min_packages: option(count, {
      type: "a whole number of at least 0",
      help: "A snapshot has at least this many binary packages. One that several indices list counts once.",
    }),
    require_packages: option(listOf(parsed(parsePackageName)), {
      type: `a list of names, each ${packageNameType}`,
      help: "A snapshot has each of these binary packages.",
    }),
  },
);
