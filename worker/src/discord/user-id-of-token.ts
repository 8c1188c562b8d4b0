/**
 * A token's first part is the id of its user in base64, as Discord's documentation shows under
 * https://discord.com/developers/docs/reference#authentication. null when it is not of that form.
 */
export function userIdOfToken(token: string): string | null {
  const id = Buffer.from(token.split('.')[0] ?? '', 'base64').toString('latin1');
  return /^\d{5,20}$/.test(id) ? id : null;
}
