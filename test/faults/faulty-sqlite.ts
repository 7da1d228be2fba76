import type * as Sqlite from "node:sqlite";
import { type Step, take } from "./faulty-disk.ts";

/** SQLite. The disk of faulty-disk.ts may fail statements of the history and of locks. */
export function faultySqlite(real: typeof Sqlite): typeof Sqlite {
  class FaultyDatabase extends real.DatabaseSync {
    readonly #path: string;

    constructor(path: string, options?: Sqlite.DatabaseSyncOptions) {
      take(stepOf("open", path, "nothing"), () => undefined);
      super(path, options);
      this.#path = path;
    }

    override exec(sql: string): void {
      take(stepOf("exec", this.#path, "nothing"), () => super.exec(sql));
    }

    override prepare(sql: string): Sqlite.StatementSync {
      const statement = super.prepare(sql);
      const run = statement.run.bind(statement) as (...values: readonly unknown[]) => unknown;
      statement.run = ((...values: readonly unknown[]) =>
        take(stepOf("run", this.#path, "room"), () => run(...values))) as typeof statement.run;
      return statement;
    }
  }
  return { ...real, DatabaseSync: FaultyDatabase };
}

const stepOf = (call: string, path: string, needs: Step["needs"]): Step => ({
  call: `sqlite ${call}`,
  path,
  needs,
});
