/**
 * Returns the page with the files that it quotes: below a comment `<!-- quote: PATH -->`, a block of code has the text of
 * that file.
 */
export const withQuotes = (page: string, read: (path: string) => string): string =>
  page.replaceAll(quote, (_, before: string, path: string, fence: string, after: string) =>
    [before, fence, read(path).trimEnd(), after].join("\n"),
  );

const quote = /^(<!-- quote: (\S+) -->)\n(```\w*)\n(?:[\s\S]*?\n)??(```)$/gm;
