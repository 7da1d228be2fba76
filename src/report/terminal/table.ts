import { cutEnd, displayWidth } from "./display-width.ts";
import { escapeControls } from "./escape-controls.ts";

/** A column of a table, and how it gives way if the table is wider than the terminal. */
export interface Column {
  readonly title: string;
  /** The least important column is left out first. Unset: it is never left out. */
  readonly importance?: number;
  /** Before any column is left out, the cells of this one are cut to at least so many columns of the terminal. */
  readonly cutTo?: number;
}

interface SizedColumn extends Column {
  readonly index: number;
  readonly width: number;
}

const gap = "  ";

/**
 * Returns rows in columns, each as wide as its widest cell. The last column is not padded. With `width`, that of a
 * terminal, cells are cut and columns left out so that no line is wider. Output to a file or a pipe is complete.
 */
export function formatTable(
  head: readonly (string | Column)[],
  texts: readonly (readonly string[])[],
  width = Number.POSITIVE_INFINITY,
): string {
  const rows = texts.map((cells) => cells.map(escapeControls));
  const columns = head.map((column, index): SizedColumn => {
    const { title, ...how } = typeof column === "string" ? { title: column } : column;
    return { ...how, title, index, width: widestOf([title, ...rows.map((row) => row[index] ?? "")]) };
  });
  const fitted = fitColumns(columns, width);
  return [head.map((column) => (typeof column === "string" ? column : column.title)), ...rows]
    .map((cells) => `${lineOf(fitted, cells)}\n`)
    .join("");
}

const widestOf = (texts: readonly string[]): number =>
  texts.reduce((widest, text) => Math.max(widest, displayWidth(text)), 0);

/** Cuts cells. If that is not enough, leaves out the least important column and tries again. */
function fitColumns(columns: readonly SizedColumn[], width: number): readonly SizedColumn[] {
  const cut = cutColumns(columns, width);
  if (overOf(cut, width) <= 0) return cut;
  const [least] = columns
    .filter(({ importance }) => importance !== undefined)
    .toSorted((a, b) => (a.importance ?? 0) - (b.importance ?? 0));
  return least === undefined
    ? cut
    : fitColumns(
        columns.filter((column) => column !== least),
        width,
      );
}

function cutColumns(columns: readonly SizedColumn[], width: number): readonly SizedColumn[] {
  let over = overOf(columns, width);
  return columns.map((column) => {
    if (over <= 0 || column.cutTo === undefined) return column;
    const least = Math.min(column.width, Math.max(column.cutTo, displayWidth(column.title)));
    const cut = Math.max(least, column.width - over);
    over -= column.width - cut;
    return { ...column, width: cut };
  });
}

/** Returns by how much the lines are too wide. */
const overOf = (columns: readonly SizedColumn[], width: number): number =>
  columns.reduce((sum, column) => sum + column.width + gap.length, -gap.length) - width;

const lineOf = (columns: readonly SizedColumn[], cells: readonly string[]): string =>
  columns
    .map(({ index, width }) => {
      const cell = cutEnd(cells[index] ?? "", width);
      return cell + " ".repeat(width - displayWidth(cell));
    })
    .join(gap)
    .trimEnd();
