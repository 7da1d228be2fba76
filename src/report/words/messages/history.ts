import { messageOf } from "../../errors.ts";
import type { HistoryEvent } from "../../events/history.ts";
import { type MessagesOf, warn } from "./message.ts";

export const historyMessages: MessagesOf<HistoryEvent> = {
  "history-unreadable": ({ reason }) => warn(`the history could not be read: ${reason}`),
  "history-unwritten": ({ error }) => warn(`the history could not be written: ${messageOf(error)}`),
};
