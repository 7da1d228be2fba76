import { Argument, Command, Option } from "commander";
import { expect, test } from "vitest";
import { describedProgram } from "../../../scripts/command-help.ts";
import { placesOf } from "./places.ts";

/** Throws if the table of placeholders lacks one. */
const places = placesOf(await describedProgram());
const at = (words: string) => places.find((place) => place.words.join(" ") === words);

test("each command has a place, with the options of the program", () => {
  expect(at("")?.commands.map(({ name }) => name)).toContain("sync");
  expect(at("snapshot stage")?.arguments).toEqual([
    { wanted: { kind: "mirrors" }, variadic: false },
    { wanted: { kind: "snapshots" }, variadic: false },
  ]);
  for (const place of places)
    expect(place.options.map(({ names }) => names)).toContainEqual(["-c", "--config"]);
});

test("commands that only point to others have none", () => {
  expect(at("promote")).toBeUndefined();
  expect(at("snapshot promote")).toBeDefined();
});

test("the command help wants a command", () => {
  expect(at("check help")?.arguments).toEqual([
    { wanted: { kind: "words", words: expect.arrayContaining(["config"]) }, variadic: false },
  ]);
});

// The scripts look for values without knowing the command.
test("no option takes a value in one command and none in another", () => {
  const options = places.flatMap((place) => place.options);
  const namesOf = (takesValue: boolean) =>
    options.filter(({ value }) => (value !== undefined) === takesValue).flatMap(({ names }) => names);
  const without = new Set(namesOf(false));
  expect(namesOf(true).filter((name) => without.has(name))).toEqual([]);
});

test("choices are words, and a placeholder says what else is wanted", () => {
  const program = new Command("p")
    .addOption(new Option("-x, --one <level>").choices(["a", "b"]))
    .option("--two <dir>")
    .addArgument(new Argument("[file...]"));
  const [place] = placesOf(program);
  expect(place?.options.slice(0, 2).map(({ names, value }) => ({ names, value }))).toEqual([
    { names: ["-x", "--one"], value: { kind: "words", words: ["a", "b"] } },
    { names: ["--two"], value: { kind: "directories" } },
  ]);
  expect(place?.arguments).toEqual([{ wanted: { kind: "files" }, variadic: true }]);
});

test("a placeholder without a meaning is refused", () => {
  const program = new Command("p").option("--one <thing>");
  expect(() => placesOf(program)).toThrow("<thing>");
});
