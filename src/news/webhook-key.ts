/** Standard Webhooks: between 24 and 64 random bytes, as base64 after this prefix. */
const prefix = "whsec_";
const bytesMin = 24;
const bytesMax = 64;

export const webhookSecretType = `${prefix} and ${bytesMin} to ${bytesMax} bytes in base64, as "echo ${prefix}$(openssl rand -base64 32)" makes`;

/** Returns the key of the signatures; undefined if the text is not the secret of a webhook. */
export function webhookKeyOf(text: string): Uint8Array | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const base64 = text.slice(prefix.length);
  const key = Buffer.from(base64, "base64");
  const isBase64 = key.toString("base64").replace(/=+$/, "") === base64.replace(/=+$/, "");
  return isBase64 && key.length >= bytesMin && key.length <= bytesMax ? key : undefined;
}
