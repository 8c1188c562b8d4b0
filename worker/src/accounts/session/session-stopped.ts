/** The account's session takes no more tasks, or ends: another one, here or at another worker, goes on with them. */
export class SessionStopped extends Error {
  override readonly name = 'SessionStopped';
}
