import { Readable } from "node:stream";
import { DomainError } from "@/lib/shared/domain-error";

/** While bytes are waited for, at least so many have to come in so many seconds. */
export type Pace = { seconds: number; bytes: number };
export const UPLOAD_PACE: Pace = { seconds: 30, bytes: 64 * 1024 };

/**
 * The same bytes, ending with `upload_stalled` when they come too slowly, so that nobody holds room or a connection for
 * nothing. Only time in which bytes are waited for counts: whoever reads them may take as long as it needs.
 */
export function endingWhenStalled(source: Readable, pace: Pace = UPLOAD_PACE): Readable {
  const paced = Readable.from(atPace(source, pace), { objectMode: false });
  paced.on("close", () => source.destroy());
  return paced;
}

async function* atPace(source: Readable, { seconds, bytes }: Pace): AsyncGenerator<Buffer> {
  const pieces = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let waitedMs = 0;
  let cameBytes = 0;
  let coming = pieces.next();
  for (;;) {
    const since = performance.now();
    const next = await within(coming, seconds * 1000 - waitedMs);
    waitedMs += performance.now() - since;
    if (next?.done) return;
    cameBytes += next?.value.length ?? 0;
    if (next === null || waitedMs >= seconds * 1000) {
      if (cameBytes < bytes) throw stalled(seconds);
      waitedMs = cameBytes = 0;
    }
    // A window that ends while somebody waits begins anew with the same wait.
    if (next === null) continue;
    yield next.value;
    coming = pieces.next();
  }
}

/** Null when the time is over first. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<null>((done) => (timer = setTimeout(() => done(null), ms)));
  // Whoever no longer waits for it must not leave its failure to nobody.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

function stalled(seconds: number): DomainError {
  return new DomainError(
    "upload_stalled",
    `The upload stood still for ${seconds} seconds; nothing of it was kept.`,
  );
}
