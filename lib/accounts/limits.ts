/**
 * What one account may do and pile up. Nobody who works comes near; who does is told when it is possible again, or what to
 * remove. A limit stands here once, is decided under a lock, and is in the table of the README.
 */
export const limits = {
  commands: { minute: 120, hour: 2_000 },
  /** Mails to others and to oneself that an account causes, in a clock hour and in 24 of them. */
  mails: { hour: 100, day: 300 },
} as const;
