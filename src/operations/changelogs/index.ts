/** What the maintainers of changed packages say: entries of changelogs, with the CVEs and bugs that they name. */
export { readChangelogs } from "./read-changelogs.ts";
