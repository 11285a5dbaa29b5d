import "server-only";

/**
 * Runs `work` and answers no sooner than `milliseconds` after the start, also when it fails. Two paths of different
 * cost then take the same time, so that the time tells nothing.
 */
export async function takeAtLeast<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const floor = new Promise((resolve) => setTimeout(resolve, milliseconds));
  try {
    return await work();
  } finally {
    await floor;
  }
}
