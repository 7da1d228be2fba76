import { parseSync, visitorKeys } from "oxc-parser";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * Returns the source of a TypeScript module with a counter at every branch, and their number. It counts into
 * `globalThis.fuzzEdges`, from `firstEdge` on. Lines keep their numbers, for stack traces.
 */
export function instrument(
  source: string,
  path: string,
  firstEdge: number,
): { readonly source: string; readonly edges: number } {
  const { program, errors } = parseSync(path, source);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const counters = new Counters(firstEdge);
  visit(program, counters);
  const { edges } = counters;
  return { source: `const $edges = globalThis.fuzzEdges; ${counters.insertInto(source)}`, edges };
}

function visit(node: Node, counters: Counters): void {
  for (const branch of branchesOf(node)) {
    if (isStatement(branch)) counters.addToStatement(branch);
    else counters.addToExpression(branch);
  }
  if (node.type === "IfStatement" && nodesIn(node, "alternate").length === 0) counters.addElse(node);
  if (node.type === "SwitchCase") counters.addBefore(nodesIn(node, "consequent")[0]);
  for (const key of visitorKeys[node.type] ?? []) {
    for (const child of nodesIn(node, key)) visit(child, counters);
  }
  counters.leave(node);
}

/** Returns the parts of a node that do not always run when the node does. */
function branchesOf(node: Node): readonly Node[] {
  const keys = branchKeys[node.type] ?? [];
  return keys.flatMap((key) => nodesIn(node, key));
}

/** Returns the nodes of a property: one node, a list of them, or none. */
function nodesIn(node: Node, key: string): readonly Node[] {
  const held: unknown = Reflect.get(node, key);
  return (Array.isArray(held) ? held : [held]).filter(isNode);
}

const branchKeys: Readonly<Record<string, readonly string[]>> = {
  FunctionDeclaration: ["body"],
  FunctionExpression: ["body"],
  ArrowFunctionExpression: ["body"],
  IfStatement: ["consequent", "alternate"],
  ConditionalExpression: ["consequent", "alternate"],
  LogicalExpression: ["right"],
  ForStatement: ["body"],
  ForInStatement: ["body"],
  ForOfStatement: ["body"],
  WhileStatement: ["body"],
  DoWhileStatement: ["body"],
  CatchClause: ["body"],
};

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function isStatement({ type }: Node): boolean {
  return type.endsWith("Statement") || type.endsWith("Declaration") || type === "FunctionBody";
}

class Counters {
  readonly #firstEdge: number;
  readonly #opening: Insertion[] = [];
  readonly #closing: Insertion[] = [];
  readonly #closers = new Map<Node, string>();
  edges = 0;

  constructor(firstEdge: number) {
    this.#firstEdge = firstEdge;
  }

  addToStatement(node: Node): void {
    if (node.type === "BlockStatement" || node.type === "FunctionBody") {
      this.#opening.push({ at: node.start + 1, text: `${this.#count()};` });
    } else {
      this.#opening.push({ at: node.start, text: `{${this.#count()};` });
      this.#closers.set(node, "}");
    }
  }

  addToExpression(node: Node): void {
    this.#opening.push({ at: node.start, text: `(${this.#count()},` });
    this.#closers.set(node, ")");
  }

  /** Adds no braces: a declaration in them would be out of scope for later statements. */
  addBefore(node: Node | undefined): void {
    if (node !== undefined) this.#opening.push({ at: node.start, text: `${this.#count()};` });
  }

  addElse(node: Node): void {
    this.#closers.set(node, ` else {${this.#count()};}${this.#closers.get(node) ?? ""}`);
  }

  /** Call it once all children of the node were left. */
  leave(node: Node): void {
    const text = this.#closers.get(node);
    if (text !== undefined) this.#closing.push({ at: node.end, text });
  }

  insertInto(source: string): string {
    // An end comes before a begin at the same position; of two that begin there, the outer one comes first.
    const insertions = [...this.#closing, ...this.#opening].toSorted((a, b) => a.at - b.at);
    let last = 0;
    const parts: string[] = [];
    for (const { at, text } of insertions) {
      parts.push(source.slice(last, at), text);
      last = at;
    }
    return parts.join("") + source.slice(last);
  }

  #count(): string {
    const edge = this.#firstEdge + this.edges;
    this.edges += 1;
    return `$edges[${edge}]++`;
  }
}
