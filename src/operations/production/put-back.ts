import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../../report/errors.ts";
import { notRestoredText } from "../../report/words/messages/production.ts";
import { commitPublication, prepareToGoBack } from "./keep-files.ts";
import type { BegunMove, ProductionChange } from "./production-move.ts";

/** Puts production back after a failed move, and ends its line. If that fails too, it warns: other mirrors still go back. */
export async function putBack(
  move: BegunMove,
  action: ProductionChange["action"],
  cause: unknown,
): Promise<void> {
  const { ports, snapshot, line } = move;
  let detail = messageOf(cause);
  try {
    await moveBack(move, action);
  } catch (error) {
    const facts = { name: snapshot.name, reason: messageOf(error) };
    ports.emit({ type: "production-not-restored", ...facts });
    detail += `; ${notRestoredText(facts)}`;
  }
  await ports.end(line, { result: "failed", detail });
}

async function moveBack({ ports, before }: BegunMove, action: ProductionChange["action"]): Promise<void> {
  const { publisher } = ports;
  if (isDeepStrictEqual(await publisher.read("production"), before)) return;
  if (before.kind === "snapshot" || before.kind === "working-mirror")
    await commitPublication(await prepareToGoBack(ports, before), ports);
  else await publisher.hide("production");
  ports.emit({ type: "production-restored", action });
}
