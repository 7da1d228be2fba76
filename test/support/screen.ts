/**
 * A terminal of unlimited height. It knows plain characters, CR, LF, and the sequences of ECMA-48 that mirrorctl
 * writes: erase in line and display, cursor up, colours, and wrapping on and off. Anything else is an error.
 */
export interface Screen {
  readonly isTerminal: true;
  readonly columns: number;
  /** Returns its text, without blank lines at the end. */
  readonly lines: readonly string[];
  readonly writes: number;
  write(text: string): void;
  onResize(callback: () => void): () => void;
  /** Changes the width. Some terminals wrap their text again, others cut it. The program gets its signal afterwards. */
  resize(columns: number, how: "wraps" | "cuts"): void;
}

interface Row {
  text: string;
  /** The line continues in the next row. */
  isWrapped: boolean;
}

const escape = "\u001B";
const token = new RegExp(`${escape}\\[(\\??\\d*)([A-Za-z])|[\\r\\n]|[^${escape}\\r\\n]`, "gu");

export function createScreen(width: number): Screen {
  let columns = width;
  let rows: Row[] = [{ text: "", isWrapped: false }];
  let at = { row: 0, column: 0 };
  let wraps = true;
  let writes = 0;
  const callbacks = new Set<() => void>();

  const rowAt = (index: number): Row => {
    while (rows.length <= index) rows.push({ text: "", isWrapped: false });
    const row = rows[index];
    if (row === undefined) throw new Error(`the cursor is above the screen, in row ${index}`);
    return row;
  };
  const put = (character: string): void => {
    if (at.column === columns) {
      if (wraps) {
        rowAt(at.row).isWrapped = true;
        at = { row: at.row + 1, column: 0 };
      } else at.column--;
    }
    const row = rowAt(at.row);
    row.text = row.text.padEnd(at.column).slice(0, at.column) + character + row.text.slice(at.column + 1);
    at.column++;
  };
  const eraseLine = (): void => {
    const row = rowAt(at.row);
    row.text = row.text.slice(0, at.column);
    row.isWrapped = false;
  };
  const control = (parameter: string, name: string): void => {
    switch (`${parameter.startsWith("?") ? parameter : ""}${name}`) {
      case "A":
        at.row -= Number(parameter || "1");
        break;
      case "K":
        eraseLine();
        break;
      case "J":
        eraseLine();
        rows = rows.slice(0, at.row + 1);
        break;
      case "m":
        break;
      case "?7l":
      case "?7h":
        wraps = name === "h";
        break;
      default:
        throw new Error(`no terminal of the tests knows CSI ${parameter}${name}`);
    }
  };

  /** Writes every line again, in rows of the new width. The cursor stays at its character. */
  const wrapAgain = (): void => {
    const before = rows;
    const cursor = at;
    let moved = { row: 0, column: 0 };
    rows = [];
    let line = "";
    let cursorInLine: number | undefined;
    for (const [index, { text, isWrapped }] of before.entries()) {
      if (index === cursor.row) cursorInLine = line.length + cursor.column;
      line += text;
      if (isWrapped) continue;
      if (cursorInLine !== undefined)
        moved = { row: rows.length + Math.floor(cursorInLine / columns), column: cursorInLine % columns };
      const pieces = line.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""];
      rows.push(
        ...pieces.map((piece, piecesBefore) => ({
          text: piece,
          isWrapped: piecesBefore < pieces.length - 1,
        })),
      );
      line = "";
      cursorInLine = undefined;
    }
    at = moved;
  };

  return {
    isTerminal: true,
    get columns() {
      return columns;
    },
    get lines() {
      const texts = rows.map(({ text }) => text.trimEnd());
      return texts.slice(0, texts.findLastIndex((text) => text !== "") + 1);
    },
    get writes() {
      return writes;
    },
    write(text) {
      writes++;
      const tokens = [...text.matchAll(token)];
      if (tokens.map(([found]) => found).join("") !== text) throw new Error(JSON.stringify(text));
      for (const [found, parameter = "", name] of tokens) {
        if (name !== undefined) control(parameter, name);
        else if (found === "\r") at.column = 0;
        else if (found === "\n") at = { row: at.row + 1, column: 0 };
        else put(found);
      }
    },
    onResize(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    resize(newColumns, how) {
      columns = newColumns;
      if (how === "wraps") wrapAgain();
      else rows = rows.map(({ text }) => ({ text: text.slice(0, columns), isWrapped: false }));
      for (const callback of callbacks) callback();
    },
  };
}
