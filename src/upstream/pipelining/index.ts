/**
 * The connections to one origin, and which request goes out on which of them: one at a time on each, or, to a distant server
 * that allows it, several ahead of their responses (RFC 9112 9.3.2). Knows nothing about files, retries or TLS.
 */
export type { Watch } from "./connection.ts";
export { ConnectionLimit } from "./connection-limit.ts";
export { ConnectionPool } from "./connection-pool.ts";
export { type AnswerHandler, type Place, SharedPlaces } from "./passage.ts";
export {
  defaultPipelining,
  type PipeliningEvent,
  type PipeliningRules,
  type TellPipelining,
} from "./pipelining.ts";
