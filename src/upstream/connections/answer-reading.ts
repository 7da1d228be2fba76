import type { Socket } from "node:net";
import { AnswerLines } from "./answer-lines.ts";

/** What one read(2) returns at most. */
const readBytesMax = 64 * 1024;

const unreadOf = new WeakMap<Socket, Unread>();

/**
 * Makes net.connect() and tls.connect() read into one buffer, which the next read of any socket overwrites: bytes that are
 * kept have to be copied. Usually each read makes a buffer. Those that waited for the garbage collector were a third of the
 * memory of a first sync (`make bench ROWS=first-sync`).
 */
export const readingIntoOneBuffer = {
  onread: {
    buffer: Buffer.allocUnsafeSlow(readBytesMax),
    callback(this: Socket, sizeBytes: number, buffer: Uint8Array): boolean {
      const unread = unreadBytes(this);
      unread.add(Buffer.from(buffer.buffer, buffer.byteOffset, sizeBytes));
      this.emit("readable");
      unread.keep(); // before undici has set up the connection, nobody listens
      return true;
    },
  },
};

/** Replaces `read` of a socket, by which alone undici gets bytes: rewrites answers, see `AnswerLines`. */
export function rewriteAnswers(socket: Socket): void {
  const unread = unreadBytes(socket);
  const lines = new AnswerLines();
  const read = socket.read.bind(socket);
  socket.read = (sizeBytes) => {
    const chunk: unknown = unread.take() ?? read(sizeBytes);
    return Buffer.isBuffer(chunk) ? lines.take(chunk) : chunk;
  };
}

function unreadBytes(socket: Socket): Unread {
  const known = unreadOf.get(socket);
  if (known !== undefined) return known;
  const unread = new Unread();
  unreadOf.set(socket, unread);
  return unread;
}

/** The bytes of a socket that undici has not read yet. */
class Unread {
  #bytes: Buffer | undefined;

  add(chunk: Buffer): void {
    this.#bytes = this.#bytes === undefined ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  take(): Buffer | undefined {
    const bytes = this.#bytes;
    this.#bytes = undefined;
    return bytes;
  }

  /** Copies them, since the buffer that they are in is about to be overwritten. */
  keep(): void {
    if (this.#bytes !== undefined) this.#bytes = Buffer.from(this.#bytes);
  }
}
