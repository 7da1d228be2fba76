/** Words that make this project's prose hard to read, and what to write instead. */

export interface PlainWord {
  readonly pattern: RegExp;
  readonly instead: string;
}

/**
 * A row is a habit, not a forbidden word: a pattern leaves out the uses of a word that are common English or terms of the
 * field. `Answers` is for doc comments, where it is spelled with a capital.
 */
export const plainWords: readonly PlainWord[] = [
  { pattern: /\b(?:stands?|stood)\b(?! for\b|-ins?\b)/i, instead: "is, exists, contains" },
  { pattern: /\banew\b/i, instead: "again, new" },
  { pattern: /\bwho(?:so)?ever\b|\bwhomever\b/i, instead: "anyone who, the user who" },
  { pattern: /\bbef(?:all?s?|ell)\b/i, instead: "happens to" },
  { pattern: /\bheed(?:s|ed|ing)?\b/i, instead: "follow, respect" },
  { pattern: /\bthere(?:by|of|in|upon)\b/i, instead: "so, of it, in it" },
  { pattern: /\b(?:all the same|even so|for all that)\b/i, instead: "still, anyway, even if" },
  { pattern: /\bAnswers\b/, instead: "Returns" },
  { pattern: /\bbr(?:ings?|ought|inging)\b(?!-[a-z])/i, instead: "download, fetch, add" },
  { pattern: /\bt(?:ells?|old) (?:of|apart)\b/i, instead: "contain, list, report; distinguish" },
  { pattern: /\b(?:is|are|was|were|be|being) told\b/i, instead: "is reported, gets to know, is known" },
  { pattern: /\bmend(?:s|ed|ing)?\b(?!"|\\?\.(?:ts|draft))/i, instead: "repair" },
  { pattern: /\b(?:is|are|was|were) to be\b/i, instead: "must be, should be, will be" },
  { pattern: /\bbe it\b/i, instead: "whether, even if" },
  { pattern: /\bbut for\b/i, instead: "except for, except" },
  { pattern: /\bfor (?:want|lack) of\b/i, instead: "without, because there is no" },
  { pattern: /\bby turns\b/i, instead: "in turn, alternating" },
  { pattern: /\bin the place of\b/i, instead: "instead of, replaces" },
  { pattern: /\b(?:nothing of|no part of)\b/i, instead: "not part of, nothing about" },
  {
    pattern:
      /(?<!\bthere )\b(?:is|are|was|were) no (?!longer\b|more\b|less\b|better\b|different\b|other\b|way\b)/i,
    instead: "is not a …, has no …",
  },
  { pattern: /\b(?:be|is|are|was|were) had\b/i, instead: "be available, be downloaded" },
  { pattern: /\b(?:comes?|came|become|becomes|became) of\b/i, instead: "happens to, result of" },
  { pattern: /\bt(?:akes?|ook|aken) away\b/i, instead: "remove" },
  { pattern: /\bonce more\b/i, instead: "again" },
  {
    pattern: /\b(?:lest|hence|thus|whence|hitherto|upon|forth|albeit|nay|ere|amiss)\b/i,
    instead: "a common word",
  },
];
