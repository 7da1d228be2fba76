import { valueInvalid } from "../errors.ts";

export const emailAddressType = 'an e-mail address such as "root" or "ops@example.org"';

/**
 * Returns the text if it is an address as RFC 5322 3.4.1 has it without quotes and comments, or the name of a local user.
 * Nothing in it has a meaning in a header, and it does not begin like an option of sendmail.
 */
export function parseEmailAddress(text: string): string {
  if (text.length <= 254 && address.test(text)) return text;
  throw valueInvalid(text, emailAddressType);
}

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const address = new RegExp(`^(?!-)${atom}(?:\\.${atom})*(?:@${label}(?:\\.${label})*)?$`);
