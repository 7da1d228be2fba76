/**
 * The composition root: a configuration and a machine become an app, whose runs have the verbs. Everything else gets as
 * arguments what is opened here.
 */
export { type App, createApp } from "./app.ts";
export { checkConfig } from "./check-config.ts";
export { importConfig } from "./import-config.ts";
export { type InitOptions, initConfig } from "./init-config.ts";
export type { Caller } from "./shared.ts";
export { showKeys } from "./show-keys.ts";
export type { InProduction, Run } from "./verbs.ts";
