/** Makes a configuration from what clients read, or for a release of a distribution. */
export { type InitReport, type InitRequest, initConfig } from "./init-config.ts";
