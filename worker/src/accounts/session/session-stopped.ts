/** The account's session takes no more tasks, or ends: another session, of this worker or another, continues them. */
export class SessionStopped extends Error {
  override readonly name = 'SessionStopped';
}
