/** Makes tar archives by hand, also such as no tar would write. */

interface HeaderFields {
  readonly type?: string;
  readonly linkName?: string;
  readonly prefix?: string;
  readonly magic?: string;
  /** As written; default: the length of the content in octal. */
  readonly size?: string | Buffer;
  /** Adds signed bytes, as old programs did. */
  readonly isSigned?: boolean;
}

/** Returns the header of an entry and its padded content. */
export function tarEntry(name: string, content: string | Buffer = "", fields: HeaderFields = {}): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100, "latin1");
  header.write("0000644\0", 100);
  const size = fields.size ?? `${bytes.length.toString(8).padStart(11, "0")}\0`;
  Buffer.from(size).copy(header, 124);
  header.write(fields.type ?? "0", 156, "latin1");
  header.write(fields.linkName ?? "", 157, 100, "latin1");
  header.write(fields.magic ?? "ustar\0", 257, "latin1");
  header.write(fields.prefix ?? "", 345, 155, "latin1");
  header.write("        ", 148);
  const sum = fields.isSigned === true ? signedSum(header) : header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

const signedSum = (bytes: Buffer): number =>
  bytes.reduce((total, byte) => total + (byte > 127 ? byte - 256 : byte), 0);

/** The end of an archive. */
export const tarEnd = Buffer.alloc(1024);

/** Returns a record of a pax header, whose length counts itself. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}
