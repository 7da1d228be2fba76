import { equal } from "node:assert/strict";
import { normalizePath, parseRepositoryPath } from "../../../src/repository/index.ts";
import type { FuzzTarget } from "../engine/target.ts";
import { accepted, attempt, checkPath, checkUrl, latin1, refused } from "./properties.ts";
import { pathWords, whiteSpace } from "./words.ts";

export const paths: FuzzTarget = {
  name: "paths",
  dictionary: [...pathWords, ...whiteSpace, "a", "ab.deb"],
  check(input) {
    const text = Buffer.from(input).toString("latin1");
    const parsed = attempt(() => parseRepositoryPath(text));
    if (parsed.kind === "refused") return refused(parsed.error);
    const path = parsed.value;
    checkPath(path);
    checkUrl(path);
    equal(parseRepositoryPath(latin1(path)), path, "read again as bytes");
    equal(normalizePath(path), path, "read again as text");
    if (text.length < 2_000) equal(parseRepositoryPath(`.//${text}/`), path, "with slashes around it");
    return accepted(path.split("/").length, path === text);
  },
};
