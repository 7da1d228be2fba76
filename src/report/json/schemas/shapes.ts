/**
 * What the JSON of every command is declared with. These declarations give both the types of the answers and the JSON Schemas
 * in docs/schemas. The program itself imports the types only.
 */
import * as v from "valibot";

/** A Date here, ISO 8601 in UTC in the JSON: 2026-05-04T03:02:01.000Z. */
export const time = v.date();

export const list = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.readonly());

export const texts = list(v.string());

/** A value with what it means. */
export const described = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));

/** A field that is left out if it is not known, or does not apply. */
export const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.optional(schema);

export const bytes = described(v.pipe(v.number(), v.integer()), "bytes");
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const mirrorId = described(v.string(), "id of a mirror of the configuration");
export const snapshotName = described(v.string(), "name of a snapshot, or (working mirror)");

/** Every fact for people also has words. */
export const message = described(v.string(), "the same in words, for people; words may change");

/** The fields of a failed result. */
export const failure = {
  error: described(v.string(), "what went wrong, in words"),
  code: maybe(described(v.string(), "stable name of the error: area/CODE, such as trust/RELEASE_EXPIRED")),
  items: maybe(described(texts, "everything that the error lists, such as the missing files")),
};

export const space = v.object({ bytes, inodes: maybe(v.pipe(v.number(), v.integer())) });

export const shortage = {
  what: v.picklist(["bytes", "inodes"]),
  needed: v.number(),
  free: v.number(),
};
