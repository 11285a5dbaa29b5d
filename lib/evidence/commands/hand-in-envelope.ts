import "server-only";
import { countSubmission } from "@/lib/accounts/commands/attempts";
import { DomainError } from "@/lib/shared/domain-error";
import { requireRoomInLog } from "@/lib/log/commands";
import { type HandedIn, recordFromOutside } from "./record-from-outside";

/** Too much came in at once; nobody did anything wrong. */
export class LaterError extends Error {
  constructor(
    readonly code: "too_many_submissions" | "log_busy",
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(message);
    this.name = "LaterError";
  }
}

const ROOM_SECONDS = 2;
/** What is longer counts as several: the more figures a statement has, the more is worked out anew. */
const BYTES_OF_ONE = 8 * 1024;

/**
 * Takes an envelope from somebody outside, and hands it to the log. The signature is the authorisation: see
 * `recordEnvelope` for what is asked of it and of its key, and `requireAcceptedFromOutside` for what may come this way.
 *
 * The same statement by the same key is entered once, whatever its signature looks like: an ECDSA signature has a twin
 * that anybody can compute, and nobody may double another's statement. The second time the first answer is given
 * again, also after the key was revoked.
 *
 * Throws what those two throw, and LaterError.
 */
export async function handInEnvelope(text: string, ip: string | null): Promise<HandedIn> {
  await requirePace({ ip });
  return recordFromOutside(text, async ({ keyId, bytes }) => {
    // Only who holds a key spends its allowance: a stranger cannot use it up by naming it.
    await requirePace({ keyId, points: Math.ceil(bytes / BYTES_OF_ONE) });
    await requireRoom();
  });
}

async function requirePace(by: Parameters<typeof countSubmission>[0]): Promise<void> {
  const waitSeconds = await countSubmission(by);
  if (waitSeconds !== null)
    throw new LaterError("too_many_submissions", "Too many submissions. Try again later.", waitSeconds);
}

async function requireRoom(): Promise<void> {
  try {
    await requireRoomInLog();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== "log_busy") throw error;
    throw new LaterError("log_busy", error.message, ROOM_SECONDS);
  }
}
