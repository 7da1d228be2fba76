import { expect, test } from "vitest";
import { whenAborted } from "./abort-callbacks.ts";

test("calls what was not taken back, once", () => {
  const controller = new AbortController();
  const called: string[] = [];
  whenAborted(controller.signal, () => called.push("first"));
  const takeBack = whenAborted(controller.signal, () => called.push("taken back"));
  whenAborted(controller.signal, () => called.push("last"));
  takeBack();
  controller.abort();
  controller.abort();
  expect(called).toEqual(["first", "last"]);
});

test("does not call what an earlier callback takes back", () => {
  const controller = new AbortController();
  const called: string[] = [];
  whenAborted(controller.signal, () => takeBack());
  const takeBack = whenAborted(controller.signal, () => called.push("taken back"));
  controller.abort();
  expect(called).toEqual([]);
});
