import { MirrorctlError } from "../errors.ts";
import { quote } from "../repository/index.ts";

export type DebCode = "DEB_MALFORMED" | "DEB_UNSAFE" | "DEB_TOO_LARGE" | "DEB_TOO_SLOW";

/** A .deb that violates its format, or that reaches a limit. An archive signs what it was given. */
export class DebError extends MirrorctlError<DebCode> {
  override readonly area = "repository";
}

/** The bytes are those that the archive signed. */
export const unreadHint = "Its changelog is not shown. The package itself is mirrored as upstream has it.";

export const debError = (code: DebCode, problem: string, found?: string): DebError =>
  new DebError(code, found === undefined ? problem : `${problem}: ${quote(found)}`, { hint: unreadHint });

export const malformed = (problem: string, found?: string): DebError =>
  debError("DEB_MALFORMED", problem, found);
