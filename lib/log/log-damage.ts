/** What the database holds of the log contradicts itself or the log's key. Nothing may be built on it. */
export class LogDamageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "LogDamageError";
  }
}
