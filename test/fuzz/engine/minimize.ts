/**
 * Returns a smaller input for which `fails` still returns true, by removing smaller and smaller parts. Ends if no part
 * can be removed, or the attempts are used up.
 */
export async function minimize(
  input: Uint8Array,
  fails: (input: Uint8Array) => Promise<boolean>,
  mayTry: () => boolean,
): Promise<Uint8Array> {
  let smallest = input;
  for (let partBytes = smallest.length; partBytes >= 1; ) {
    const before = smallest.length;
    for (let at = 0; at < smallest.length; ) {
      if (!mayTry()) return smallest;
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + partBytes)]);
      if (await fails(without)) smallest = without;
      else at += partBytes;
    }
    partBytes = smallest.length < before ? Math.min(partBytes, smallest.length) : Math.floor(partBytes / 2);
  }
  return smallest;
}
