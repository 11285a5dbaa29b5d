/** Seconds between two beats. */
export const BEAT_SECONDS: number;
/** Says that this process has just done its work; written at most every 5 s, however often it is said. */
export function beat(name: string): void;
/** Whether that process said so within the last 30 s. */
export function isBeating(name: string): Promise<boolean>;
