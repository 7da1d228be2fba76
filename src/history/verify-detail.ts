/** What a line of `verify` says of one tree, as the text of its `detail`: a sentence, then one line for each file. Pure. */

export type VerifyDetail =
  /** The tree was checked. `damaged` counts what is damaged now; `damagedPaths` may list fewer. */
  | {
      readonly kind: "checked";
      readonly deep: boolean;
      /** A damaged index or signature kept files from being looked at. */
      readonly partial: boolean;
      readonly files: number;
      readonly damaged: number;
      readonly damagedPaths: readonly string[];
      readonly repairedPaths: readonly string[];
      /** Why nothing vouches for the tree; each counts as one that is damaged. */
      readonly faults: readonly string[];
    }
  /** Another tree was checked, and these damaged files of it are files of this one too. */
  | {
      readonly kind: "shared";
      readonly deep: boolean;
      readonly from: string;
      readonly damagedPaths: readonly string[];
    }
  /** Another tree was repaired, and these files of it are files of this one too. */
  | { readonly kind: "mended"; readonly from: string; readonly repairedPaths: readonly string[] };

/** A tree that lost everything has a hundred thousand damaged files. */
const pathsMax = 1_000;

export function formatVerifyDetail(detail: VerifyDetail): string {
  switch (detail.kind) {
    case "checked": {
      const { files, damaged, damagedPaths, repairedPaths, faults, deep, partial } = detail;
      const how = `${depthText(deep)}${partial ? `, ${notAll}` : ""}`;
      const repaired = repairedPaths.length === 0 ? "" : `, ${repairedPaths.length} repaired`;
      return linesOf(`${damaged} of ${filesText(files)} damaged${repaired} (${how})`, {
        "- ": damagedPaths,
        "+ ": repairedPaths,
        "! ": faults.map((fault) => fault.replaceAll("\n", " ")),
      });
    }
    case "shared": {
      const { damagedPaths, from, deep } = detail;
      const text = `${filesText(damagedPaths.length)} damaged, shared with ${from} (${depthText(deep)})`;
      return linesOf(text, { "- ": damagedPaths });
    }
    case "mended": {
      const { repairedPaths, from } = detail;
      return linesOf(`${filesText(repairedPaths.length)} repaired, shared with ${from}`, {
        "+ ": repairedPaths,
      });
    }
  }
}

function linesOf(text: string, marked: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(marked).flatMap(([mark, rest]) =>
    rest.slice(0, pathsMax).map((line) => `${mark}${line}`),
  );
  return [text, ...lines].join("\n");
}

const filesText = (count: number): string => `${count} ${count === 1 ? "file" : "files"}`;
const depthText = (deep: boolean): string => (deep ? everyFileRead : "sizes compared");
const everyFileRead = "every file read";
const notAll = "some not looked at";

/** Undefined for what an earlier version wrote. */
export function parseVerifyDetail(text: string): VerifyDetail | undefined {
  const [head = "", ...lines] = text.split("\n");
  const marked = (mark: string): readonly string[] =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
  const damagedPaths = marked("- ");
  const repairedPaths = marked("+ ");
  const checked = checkedHead.exec(head)?.groups;
  if (checked !== undefined) {
    return {
      kind: "checked",
      deep: checked.depth === everyFileRead,
      partial: checked.partial !== undefined,
      files: Number(checked.files),
      damaged: Number(checked.damaged),
      damagedPaths,
      repairedPaths,
      faults: marked("! "),
    };
  }
  const shared = sharedHead.exec(head)?.groups;
  if (shared !== undefined)
    return { kind: "shared", deep: shared.depth === everyFileRead, from: shared.from ?? "", damagedPaths };
  const mended = mendedHead.exec(head)?.groups;
  return mended && { kind: "mended", from: mended.from ?? "", repairedPaths };
}

const checkedHead =
  /^(?<damaged>\d+) of (?<files>\d+) files? damaged(?:, \d+ repaired)? \((?<depth>every file read|sizes compared)(?<partial>, some not looked at)?\)$/;
const sharedHead =
  /^\d+ files? damaged, shared with (?<from>.+) \((?<depth>every file read|sizes compared)\)$/;
const mendedHead = /^\d+ files? repaired, shared with (?<from>.+)$/;
