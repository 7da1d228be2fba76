/** What machines need to install from a mirror. */
export {
  type ClientConfig,
  type ClientConfigOptions,
  type ClientFile,
  clientConfig,
} from "./client-config.ts";
