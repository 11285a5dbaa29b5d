import "server-only";
import { listUnstatedKeys } from "@/lib/accounts/records/key-register";
import { db, inTransaction } from "@/lib/platform/db";
import { log } from "@/lib/platform/log";
import { recordEnvelope } from "./record-envelope";
import { logKeyEvents } from "./log-keys";

const BATCH = 100;

/**
 * States every event that waits, such as a revocation, which no later signature brings along; how many keys were
 * looked at. Any number of processes may run it at once: each event is stated once.
 */
export async function logWaitingKeys(): Promise<number> {
  const keyIds = await listUnstatedKeys(db, BATCH);
  for (const keyId of keyIds) {
    // A key that fails holds up none of the later ones; the next turn tries it again.
    await inTransaction((tx) => logKeyEvents(tx, keyId, recordEnvelope)).catch((error: unknown) =>
      log.error({ clock: "keys", row: keyId, error: String(error) }, "row passed over"),
    );
  }
  return keyIds.length;
}
