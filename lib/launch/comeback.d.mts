type End = { code?: number | null; signal?: string | null; error?: Error };
type Child = { pid?: number; ended: Promise<End> };

/** The exit code of a process that must not go on and is not started again. */
export const REFUSES: 78;
/** What follows an end: how many in a row it makes, and the pause before the next start, null when there is none. */
export function afterEnd(end: { endsBefore: number; stoodSeconds: number }): {
  ends: number;
  pauseSeconds: number | null;
};
/** Keeps a process: `start` starts it again when it ends by itself, until it is given up. */
export function comeBack(kept: {
  name: string;
  first: Child;
  start: () => Promise<Child>;
  lastWords: () => string[];
  isKept: () => boolean;
}): { fallen: Promise<never>; letGo: () => void; pid: () => number };
