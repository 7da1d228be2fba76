import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";

/** The JSON Schema of what is printed: JSON.stringify makes texts of dates, and leaves out what is undefined. */
export const jsonSchemaOf = (schema: GenericSchema, of: string): JsonSchema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: of,
  ...toJsonSchema(schema, {
    target: "draft-2020-12",
    ignoreActions: ["readonly"],
    overrideSchema: ({ valibotSchema }) =>
      valibotSchema.type === "date" ? { type: "string", format: "date-time" } : undefined,
  }),
});
