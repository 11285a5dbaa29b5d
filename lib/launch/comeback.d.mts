/** The exit code of a process that must not go on and is not started again. */
export const REFUSES: 78;
/** What follows an end: how many in a row it makes, and the pause before the next start, null when there is none. */
export function afterEnd(end: { endsBefore: number; stoodSeconds: number }): {
  ends: number;
  pauseSeconds: number | null;
};
