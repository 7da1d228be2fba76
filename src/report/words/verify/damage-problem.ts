/** What is wrong with one file of a tree. */
export type DamageProblem =
  /** Carried: the file of another tree exists there for a time. */
  | { readonly kind: "missing"; readonly isCarried: boolean }
  /** A directory or a link is there. */
  | { readonly kind: "not-a-file" }
  /** Without `expectedBytes`: it is too large for a signature file. */
  | {
      readonly kind: "size-differs";
      readonly sizeBytes: number;
      readonly expectedBytes: number | undefined;
    }
  | {
      readonly kind: "digest-differs";
      readonly algorithm: string;
      readonly found: string;
      readonly expected: string;
    }
  /** No digest is listed to check it by. */
  | { readonly kind: "no-digest" }
  /** `reason` is the message of the system. */
  | { readonly kind: "unreadable"; readonly reason: string }
  /** `reason` is the message of the error. */
  | { readonly kind: "signature-refused"; readonly reason: string }
  | { readonly kind: "differs-from-inrelease" };

/** A sentence that begins with the path of the file. */
export function problemText(path: string, problem: DamageProblem): string {
  return `${path}: ${withoutPath(problem)}`;
}

function withoutPath(problem: DamageProblem): string {
  switch (problem.kind) {
    case "missing":
      return problem.isCarried ? "it is missing, and only carried along for a time" : "it is missing";
    case "not-a-file":
      return "something else is there instead of a file";
    case "size-differs": {
      const expected = problem.expectedBytes === undefined ? "" : `, expected ${problem.expectedBytes}`;
      return `it has ${problem.sizeBytes} bytes${expected}`;
    }
    case "digest-differs":
      return `the ${problem.algorithm} digest is ${problem.found}, expected ${problem.expected}`;
    case "no-digest":
      return "no digest is listed to check its bytes by";
    case "unreadable":
      return `cannot be read: ${problem.reason}`;
    case "signature-refused":
      return problem.reason;
    case "differs-from-inrelease":
      return "it does not say what InRelease says";
  }
}
