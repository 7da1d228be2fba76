/** Says what is wrong, without the name of the file. */
export class ZstdFrameError extends Error {}

/**
 * Hands on the chunks of a file of whole frames; throws a ZstdFrameError where it is none. At the end of a frame a decoder
 * may think itself done, and nobody would hear of what is found behind that: what ends one is held back until it is known
 * whether another follows.
 */
export async function* wholeFrames(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const frames = new ZstdFrames();
  const held: Buffer[] = [];
  for await (const chunk of file) {
    frames.push(chunk);
    held.push(chunk);
    if (!frames.isUndecided) yield* held.splice(0);
    else if (chunk.length >= magicBytes) yield* held.splice(0, held.length - 1); // behind which a frame has begun
  }
  if (!frames.isBetween) throw new ZstdFrameError("it ends early");
  yield* held;
}

const magicBytes = 4;

/**
 * Finds the borders of the frames of a Zstandard file (RFC 8878 3.1) without decoding them. A decoder is content with
 * the frames that it was given; only the borders tell that the file ends with one, and that nothing else follows.
 */
export class ZstdFrames {
  readonly #steps = stepsOfFrames();
  #step = nextOf(this.#steps.next());
  /** Of a step that needs more than has come. */
  #taken: Uint8Array = new Uint8Array();
  #toSkip = 0;

  /** Throws a ZstdFrameError for what should be a frame and is none. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#toSkip > 0) {
        const skipped = Math.min(this.#toSkip, chunk.length - at);
        this.#toSkip -= skipped;
        at += skipped;
      } else {
        const missing = this.#step.takeBytes - this.#taken.length;
        const part = chunk.subarray(at, at + missing);
        this.#taken = Buffer.concat([this.#taken, part]);
        at += part.length;
        if (this.#taken.length === this.#step.takeBytes) this.#advance();
      }
    }
  }

  /** True where a file may end: between frames, or before the first. */
  get isBetween(): boolean {
    return this.isUndecided && this.#taken.length === 0;
  }

  /** True behind a frame while what follows, if anything does, is too short to tell whether it is one. */
  get isUndecided(): boolean {
    return this.#step.isStart && this.#toSkip === 0;
  }

  #advance(): void {
    this.#step = nextOf(this.#steps.next(this.#taken));
    this.#taken = new Uint8Array();
    this.#toSkip = this.#step.skipBytes;
  }
}

/** What to pass over, and then how much to look at. */
interface Step {
  readonly skipBytes: number;
  readonly takeBytes: number;
  /** A frame begins there. */
  readonly isStart: boolean;
}

const magicOfFrame = 0xfd2fb528;
const magicOfSkippable = 0x184d2a50;

function* stepsOfFrames(): Generator<Step, never, Uint8Array> {
  for (let skipBytes = 0; ; ) {
    const magic = numberIn(yield { skipBytes, takeBytes: magicBytes, isStart: true });
    if (magic - (magic % 16) === magicOfSkippable) skipBytes = numberIn(yield look(0, 4));
    else if (magic === magicOfFrame) skipBytes = yield* stepsOfBlocks();
    else throw new ZstdFrameError("something else follows its last frame");
  }
}

/** Returns how many bytes of the frame are left to skip. */
function* stepsOfBlocks(): Generator<Step, number, Uint8Array> {
  const descriptor = numberIn(yield look(0, 1));
  for (let skipBytes = headerBytesBehind(descriptor); ; ) {
    const block = numberIn(yield look(skipBytes, 3));
    const isRepeated = ((block >> 1) & 3) === 1; // one byte, so many times
    skipBytes = isRepeated ? 1 : block >> 3;
    const hasChecksum = (descriptor & 4) !== 0;
    if ((block & 1) === 1) return skipBytes + (hasChecksum ? 4 : 0);
  }
}

/** RFC 8878 3.1.1.1: window, dictionary and content size, as the descriptor says. */
function headerBytesBehind(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
}

const look = (skipBytes: number, takeBytes: number): Step => ({ skipBytes, takeBytes, isStart: false });

const numberIn = (bytes: Uint8Array): number => Buffer.from(bytes).readUIntLE(0, bytes.length);

/** The steps never come to an end. */
const nextOf = (result: IteratorResult<Step, never>): Step => result.value;
