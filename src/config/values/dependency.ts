import { isDependency } from "../../installability/index.ts";
import { valueInvalid } from "../errors.ts";

export const dependencyType = 'a dependency such as "nginx", "postgresql (>= 16)" or "exim4 | postfix"';

/** Parses one dependency as in the field Depends of a package. */
export function parseDependency(text: string): string {
  const advice = text.includes(",") ? "write each dependency in quotes of its own" : undefined;
  if (advice !== undefined || !isDependency(text)) throw valueInvalid(text, dependencyType, advice);
  return text.trim();
}
