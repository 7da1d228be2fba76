/** The parts of unbzip2-stream that are used here; the package declares no types. */
declare module "unbzip2-stream/lib/bit_iterator.js" {
  interface BitReader {
    /** Reads so many bits; null: skips to the next byte. */
    (bits: number | null): number;
    /** Bytes begun so far. */
    bytesRead: number;
  }
  function bitIterator(nextBuffer: () => Uint8Array): BitReader;
  export = bitIterator;
}

declare module "unbzip2-stream/lib/bzip2.js" {
  type BitReader = (bits: number | null) => number;
  const bzip2: {
    /** Begins a stream; gives its block size in units of 100,000 bytes. */
    header(bits: BitReader): number;
    /** Decodes one block; gives the checksum of the stream so far, or null at its end. */
    decompress(
      bits: BitReader,
      output: (byte: number) => void,
      scratch: Int32Array,
      scratchLength: number,
      crc: number,
    ): number | null;
  };
  export = bzip2;
}
