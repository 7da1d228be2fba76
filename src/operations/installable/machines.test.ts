import { expect, test } from "vitest";
import { openTree, stanzaOf, treeOf } from "../../contents/contents.fixture.ts";
import { indicesFor, type ServedMachine } from "./machines.ts";

const amd64: ServedMachine = { native: "amd64", foreign: [], variant: undefined };
const architectures = ["all", "amd64", "amd64v3", "i386"];

/** Returns the architectures of the indices that a machine reads. */
function readBy(machine: ServedMachine, fields = ""): readonly string[] {
  const indices = architectures.map((name) => [`main/binary-${name}/Packages`, stanzaOf("a", "1")]);
  const installer = { "main/debian-installer/binary-amd64/Packages": stanzaOf("a-udeb", "1") };
  const tree = treeOf({ stable: { ...Object.fromEntries(indices), ...installer } }, { fields });
  return openTree(tree, ["stable"])
    .suites.flatMap((suite) => indicesFor(machine, suite))
    .flatMap(({ wanted }) => wanted.architecture ?? "")
    .toSorted();
}

test("a machine reads the indices of its architecture and of all", () => {
  expect(readBy(amd64)).toEqual(["all", "amd64"]);
});

test("a machine does not read binary-all if Release says that clients do not", () => {
  expect(readBy(amd64, "No-Support-for-Architecture-all: Packages\n")).toEqual(["amd64"]);
});

test("a machine reads the indices of the architectures that it accepts", () => {
  expect(readBy({ ...amd64, foreign: ["i386"] })).toEqual(["all", "amd64", "i386"]);
});

test("a machine of a variant reads the base too, unless Release declares the variant", () => {
  const variant = { ...amd64, variant: "amd64v3" };
  expect(readBy(variant)).toEqual(["all", "amd64", "amd64v3"]);
  expect(readBy(variant, "Architectures: amd64 amd64v3\n")).toEqual(["all", "amd64v3"]);
});
