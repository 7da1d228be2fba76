import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestbed, type Testbed } from "../../../test/support/index.ts";
import { type OpenedApp, openApp } from "../../../test/support/open-app.ts";
import type { OutboxState } from "../../notify/index.ts";
import { announce, type NotifyPorts } from "./index.ts";
import { observeDisks } from "./observe.ts";

let site: Testbed;
let opened: OpenedApp;

beforeEach(async () => {
  const snapshot = { path: "/proc/mirrors" }; // on another file system than dir, wherever that is
  site = await createTestbed({ snapshot, mirrors: { noble: {}, jammy: {} } });
  opened = await openApp({ path: site.configFile });
});

afterEach(async () => {
  await opened[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const paths = (id: string) => observeDisks([opened.mirror(id)]).map(({ path }) => path);
const told = (failedSince?: string) => ({ failedSince, expiring: [], damaged: [] });

test("looks again if another run reported meanwhile", async () => {
  let state: OutboxState = { mirrors: { noble: told() }, disks: [], queue: [] };
  let updates = 0;
  const ports: NotifyPorts = {
    recipients: [],
    outbox: {
      read: () => state,
      async update(change) {
        updates++;
        // Another run was first, with what it saw.
        if (updates === 1) state = { ...state, mirrors: { noble: told("2026-05-04T12:00:00Z") } };
        const { state: next, result } = change(state);
        state = next;
        return result;
      },
    },
    compose: () => {
      throw new Error("there are no recipients");
    },
    now: () => new Date(),
    signal: new AbortController().signal,
    emit: () => undefined,
  };
  await announce([opened.mirror("noble")], new Map(), ports);
  expect(updates).toBe(2);
});

test("names a disk in the same way whichever mirrors are looked at", () => {
  expect(paths("noble")).toEqual([site.join("www"), "/proc/mirrors"]);
  expect(paths("jammy")).toEqual(paths("noble"));
});
