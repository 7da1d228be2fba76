import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf } from "./digests.ts";
import { type FakeUpstream, fakeUpstream } from "./fake-upstream.ts";
import { ServedTreeReader } from "./served-tree.ts";
import { createSigningKey } from "./signing-key.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const images = "main/installer-amd64/current/images";
const image = `dists/stable/${images}/netboot/mini.iso`;
const deb = "pool/main/h/hello/hello_1.0_amd64.deb";

let stack: AsyncDisposableStack;
let upstream: FakeUpstream;
let reader: ServedTreeReader;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory());
  const key = await createSigningKey();
  upstream = await fakeUpstream({ dir: directory.join("upstream"), signedBy: key });
  upstream
    .suite("stable", { compressions: ["gz"], digests: ["SHA256"], listPlainButAbsent: false })
    .addPackage("hello", "1.0")
    .addFile(`${images}/SHA256SUMS`, `${digestOf("an image", "SHA256")}  ./netboot/mini.iso\n`);
  upstream.rewrite(image, "an image");
  await upstream.publish();
  reader = new ServedTreeReader({ dir: directory.path, key, suite: "stable" });
});
afterEach(() => stack.disposeAsync());

test("identifies a whole tree by its InRelease, and lists its files", async () => {
  const tree = await reader.read(upstream.dir);
  expect(tree?.paths).toEqual(expect.arrayContaining([deb, image]));
});

test.each([
  ["a package of other bytes", () => upstream.corrupt(deb), `${deb} has other bytes than are listed`],
  ["a package that is missing", () => upstream.remove(deb), `${deb} is missing`],
  ["an image of other bytes", () => upstream.corrupt(image), `${image} has other bytes than are listed`],
  ["an image that is cut off", () => upstream.truncate(image), `${image} has other bytes than are listed`],
  ["an image that is missing", () => upstream.remove(image), `${image} is missing`],
  ["a file that nothing lists", () => upstream.rewrite(`${image}.new`, "?"), `${image}.new is not listed`],
])("finds %s", async (_case, harm, problem) => {
  harm();
  await expect(reader.read(upstream.dir)).rejects.toThrow(problem);
});
