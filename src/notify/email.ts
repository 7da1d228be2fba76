import type { Channel } from "./channel.ts";
import { emailMessage } from "./email-message.ts";
import { type ProgramRun, runOn } from "./program.ts";

interface EmailPorts extends ProgramRun {
  readonly now: () => Date;
  readonly host: string;
}

interface Addresses {
  readonly to: readonly string[];
  readonly from: string;
  readonly command: readonly [string, ...string[]];
}

/** A message through the sendmail of this machine, which takes care of delivery. */
export const email = ({ to, from, command }: Addresses, ports: EmailPorts): Channel => ({
  async send(message) {
    const text = emailMessage(message, { from, to, host: ports.host, sentAt: ports.now() });
    await runOn(text, command, {}, ports);
  },
});
