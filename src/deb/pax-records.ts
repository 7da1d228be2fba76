import { malformed } from "./errors.ts";
import type { TarHeader } from "./tar-header.ts";

/** Reads a pax header, "length key=value\n" each, pax(1): only path, link and size. Names are UTF-8; here they stay bytes. */
export function readPaxRecords(bytes: Buffer): Partial<TarHeader> {
  const text = bytes.toString("latin1");
  const found: { name?: string; linkName?: string; sizeBytes?: number } = {};
  for (let at = 0; at < text.length; ) {
    const length = /^\d{1,7}(?= )/.exec(text.slice(at, at + 8))?.[0] ?? "";
    const end = at + Number(length);
    const record = text.slice(at + length.length + 1, end - 1);
    const equals = record.indexOf("=");
    if (length === "" || end > text.length || equals < 1 || text[end - 1] !== "\n")
      throw malformed("a pax header of its data.tar is damaged");
    const value = record.slice(equals + 1);
    switch (record.slice(0, equals)) {
      case "path":
        found.name = value;
        break;
      case "linkpath":
        found.linkName = value;
        break;
      case "size":
        if (!/^\d{1,15}$/.test(value))
          throw malformed("a pax header of its data.tar has a malformed size", value);
        found.sizeBytes = Number(value);
        break;
      default: // times, owners, attributes
    }
    at = end;
  }
  return found;
}
