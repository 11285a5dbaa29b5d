import { type StillReading, isStillReading } from "./read-patiently";

/** What came of a reading in the end, however long it took. */
export async function inTheEnd<T extends object>(done: Promise<T | StillReading<T>>): Promise<T> {
  const first = await done;
  return isStillReading(first) ? first.settled : first;
}
