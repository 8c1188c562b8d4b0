import { randomUUID } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets while one is being replaced, several, which all sign
 */
export function signatureHeaders(
  secrets: string | readonly string[],
  body: string,
  id = `msg_${randomUUID()}`,
): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': Math.floor(now.getTime() / 1000).toString(),
    'webhook-signature': [secrets]
      .flat()
      .map((secret) => new Webhook(secret).sign(id, now, body))
      .join(' '),
  };
}

/**
 * Whether the body was signed with one of the secrets within the last five minutes.
 * Several secrets are valid while one is being replaced. The comparison takes constant time.
 */
export function isSigned(secrets: string[], body: string, headers: Headers): boolean {
  const signed = Object.fromEntries(headers);
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, signed, { jsonParse: false });
      return true;
    } catch (error) {
      if (error instanceof WebhookVerificationError) return false;
      throw error;
    }
  });
}
