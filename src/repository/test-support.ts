/** Asks apt for tests: its library by the Python binding, and apt-get for what it would download. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createAptClient, temporaryDirectory } from "../../test/support/index.ts";

/** A process with libapt-pkg. Text is latin1, one character for each byte. */
export interface AptLibrary extends AsyncDisposable {
  /** Reads these fields of each stanza of a file, in any case. Fails if apt does. */
  readStanzas(file: string, names: readonly string[]): Promise<readonly Fields[]>;
  /** Returns -1 if the left version is older, 0 or 1. */
  compareVersions(left: string, right: string): Promise<number>;
  /** Reads a date of a Release, in seconds since 1970; null if apt cannot read it. */
  readDate(text: string): Promise<number | null>;
}

export type Fields = Readonly<Record<string, string>>;

// Steps like apt itself. Iterating over a TagFile copies each stanza, and loses those that end in CR LF.
const program = `
import apt_pkg, json, os, sys

def read_stanzas(file, names):
    with os.fdopen(os.memfd_create("index"), "w+b") as handle:
        handle.write(file.encode("latin1"))
        handle.seek(0)
        index = apt_pkg.TagFile(handle, True)
        stanzas = []
        while index.step():
            fields = {name: index.section.get(name) for name in names}
            stanzas.append({name: value.decode("latin1") for name, value in fields.items() if value is not None})
        return stanzas

def compare_versions(left, right):
    order = apt_pkg.version_compare(left, right)
    return (order > 0) - (order < 0)

def read_date(text):
    return apt_pkg.str_to_time(text)

apt_pkg.init_system()
answer = {"stanzas": read_stanzas, "versions": compare_versions, "date": read_date}
for line in sys.stdin.buffer:
    question, *args = json.loads(line)
    try:
        reply = {"answer": answer[question](*args)}
    except apt_pkg.Error as error:
        reply = {"error": str(error)}
    print(json.dumps(reply), flush=True)
`;

/** Needs the package python3-apt. */
export function startAptLibrary(): AptLibrary {
  const child = spawn("/usr/bin/python3", ["-c", program], { env: { LC_ALL: "C" }, stdio: "pipe" });
  const ended = once(child, "close");
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += String(text);
  });
  child.stdin.on("error", (error) => {
    complaint += `${error.message}\n`;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (...question: readonly unknown[]) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`no answer of python3 with python3-apt: ${complaint}`);
    const { answer, error } = JSON.parse(line.value);
    if (error !== undefined) throw new Error(`apt refuses it: ${error}`);
    return answer;
  };
  return {
    readStanzas: (file, names) => ask("stanzas", file, names),
    compareVersions: (left, right) => ask("versions", left, right),
    readDate: (text) => ask("date", text),
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

/**
 * Returns `path size DIGEST:hex` of each file that a command of apt-get would download from a flat repository with these
 * indices, as latin1 text with decoded paths.
 */
export async function askAptForFiles(
  indices: { readonly Packages?: string; readonly Sources?: string },
  [command, ...names]: readonly [command: string, ...names: string[]],
): Promise<string[]> {
  await using directory = await temporaryDirectory();
  const repository = directory.join("repository");
  await mkdir(repository);
  for (const [name, text] of Object.entries(indices))
    await writeFile(`${repository}/${name}`, text, "latin1");
  const types = [...("Packages" in indices ? ["deb"] : []), ...("Sources" in indices ? ["deb-src"] : [])];
  const sources = types.map((type) => `${type} [trusted=yes] file:${repository} ./\n`).join("");
  const apt = await createAptClient({ dir: directory.join("apt"), sources, languages: [] });
  await apt.update();
  const { output } = await apt.run([command, "--print-uris", ...names]);
  // Any other line is an error, and is shown as it is.
  const lines = output.split("\n").filter((line) => line !== "" && !/^(?:Reading|Need to get) /.test(line));
  return lines.map((line) => {
    const [, url = line, rest = ""] = /^'(\S*)' \S+ (.*)$/.exec(line) ?? [];
    return `${decodeURIComponent(url).replace(`file:${repository}/`, "")} ${rest}`;
  });
}
