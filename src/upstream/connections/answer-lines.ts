/**
 * Rewrites responses that undici's parser refuses and that RFC 9112 and apt allow: header lines that end in LF only (2.2),
 * and a Content-Length that is sent several times with one value (RFC 9110 8.6). All other bytes are passed on unchanged.
 *
 * Follows the responses on one connection to know which bytes are lines and which are bodies. If it cannot know, it passes on
 * everything from there, and the parser decides.
 */
export class AnswerLines {
  #state: "head" | "body" | "chunk-size" | "chunk" | "chunk-end" | "trailers" | "rest" = "head";
  /** The start of a line whose end has not come yet. */
  #unfinished = "";
  /** Of the current body or chunk. */
  #leftBytes = 0;
  #status = 0;
  #length: string | undefined;
  #coding: string | undefined;

  /** Returns what the parser reads instead of the chunk. */
  take(chunk: Buffer): Buffer {
    let at = this.#passUsualHeads(chunk);
    if (at === chunk.length) return chunk;
    const taken = [chunk.subarray(0, at)];
    while (at < chunk.length) {
      if (this.#state === "body" || this.#state === "chunk") {
        const end = Math.min(chunk.length, at + this.#leftBytes);
        this.#leftBytes -= end - at;
        taken.push(chunk.subarray(at, end));
        at = end;
        if (this.#leftBytes === 0) this.#state = this.#state === "body" ? "head" : "chunk-end";
        continue;
      }
      const lineFeed = this.#state === "rest" ? -1 : chunk.indexOf("\n", at);
      const end = lineFeed === -1 ? chunk.length : lineFeed + 1;
      taken.push(
        this.#state === "rest" ? chunk.subarray(at) : this.#takeLine(chunk.toString("latin1", at, end)),
      );
      at = end;
    }
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken);
  }

  /**
   * Follows responses that need no change, as nearly all are, without copying their bytes. Returns how many bytes of the chunk
   * that is (`make bench ROWS=first-sync`: line by line, heads took a tenth of the time of a sync).
   */
  #passUsualHeads(chunk: Buffer): number {
    for (let at = 0; ; ) {
      if (at === chunk.length) return at;
      if (this.#state === "body") {
        const end = Math.min(chunk.length, at + this.#leftBytes);
        this.#leftBytes -= end - at;
        at = end;
        if (this.#leftBytes > 0) return at;
        this.#state = "head";
      }
      if (this.#state !== "head" || this.#status !== 0 || this.#unfinished !== "") return at;
      const end = chunk.indexOf("\r\n\r\n", at);
      if (end === -1 || end - at > lineBytesMax) return at;
      const bytes = usualHead.exec(chunk.toString("latin1", at, end + 2))?.groups?.["bytes"];
      if (bytes === undefined) return at;
      at = end + 4;
      this.#leftBytes = Number(bytes);
      if (this.#leftBytes > 0) this.#state = "body";
    }
  }

  /** Holds back the start of a line until its end comes. A line that is too long is passed on unchanged. */
  #takeLine(text: string): Buffer {
    const line = this.#unfinished + text;
    this.#unfinished = "";
    if (line.length > lineBytesMax || !this.#mayBeLine(line)) this.#state = "rest";
    else if (line.endsWith("\n")) return Buffer.from(this.#read(line.replace(/\r?\n$/, "")), "latin1");
    else this.#unfinished = line;
    return this.#state === "rest" ? Buffer.from(line, "latin1") : nothing;
  }

  /** False if a response cannot start like this: the parser recognizes other protocols by their first bytes. */
  #mayBeLine(text: string): boolean {
    const begins = this.#state === "head" && this.#status === 0;
    return !begins || /^\r?\n?$/.test(text) || text.slice(0, 5) === "HTTP/".slice(0, text.length);
  }

  /** Returns what replaces a line. */
  #read(line: string): string {
    if (this.#state === "head") return this.#readHead(line);
    if (this.#state === "chunk-size") return this.#readChunkSize(line);
    if (this.#state === "chunk-end") this.#state = line === "" ? "chunk-size" : "rest";
    else if (line === "") this.#state = "head"; // the trailers end
    return `${line}\r\n`;
  }

  #readHead(line: string): string {
    if (this.#status === 0) {
      if (line !== "") this.#begin(line); // RFC 9112 2.2: an empty line before it is ignored
      return `${line}\r\n`;
    }
    if (line === "") {
      this.#endHead();
      return "\r\n";
    }
    const [, name = "", value = ""] = /^([\w-]+):(.*)$/.exec(line) ?? [];
    if (/^transfer-encoding$/i.test(name)) this.#coding = value.trim().toLowerCase();
    return /^content-length$/i.test(name) ? this.#readLength(line, value) : `${line}\r\n`;
  }

  #begin(statusLine: string): void {
    const status = /^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/.exec(statusLine)?.[1];
    this.#length = undefined;
    this.#coding = undefined;
    if (status === undefined) this.#state = "rest";
    else this.#status = Number(status);
  }

  #readLength(line: string, value: string): string {
    const [length = "", ...others] = new Set(value.split(",").map((one) => one.trim()));
    const isOne = others.length === 0 && /^\d{1,15}$/.test(length);
    if (!isOne || (this.#length ?? length) !== length) {
      this.#state = "rest";
      return `${line}\r\n`;
    }
    const isAgain = this.#length !== undefined;
    this.#length = length;
    return isAgain ? "" : `Content-Length: ${length}\r\n`;
  }

  /** RFC 9112 6.3 */
  #endHead(): void {
    const status = this.#status;
    this.#status = 0;
    if (status !== 101 && (status < 200 || status === 204 || status === 304)) return;
    if (this.#coding === "chunked") this.#state = "chunk-size";
    else if (status === 101 || this.#coding !== undefined || this.#length === undefined) this.#state = "rest";
    else {
      this.#leftBytes = Number(this.#length);
      if (this.#leftBytes > 0) this.#state = "body";
    }
  }

  #readChunkSize(line: string): string {
    const size = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
    this.#leftBytes = size === undefined ? 0 : Number.parseInt(size, 16);
    if (size === undefined) this.#state = "rest";
    else this.#state = this.#leftBytes > 0 ? "chunk" : "trailers";
    return `${line}\r\n`;
  }
}

/** A success with lines that end in CR LF, one length as `#readLength` writes it, and no other coding of its body. */
const usualHead = (() => {
  const others = "(?:(?!(?i:content-length|transfer-encoding))[\\w-]+:[^\\r\\n]*\\r\\n)*";
  const length = "Content-Length: (?<bytes>\\d{1,15})\\r\\n";
  return new RegExp(`^HTTP/1\\.1 20[06] [^\\r\\n]*\\r\\n${others}${length}${others}$`);
})();

const nothing = Buffer.alloc(0);
/** As much as undici accepts of all headers together. */
const lineBytesMax = 16 * 1024;
