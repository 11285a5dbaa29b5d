import "server-only";
import { listUnstatedKeys } from "@/lib/accounts/records/key-register";
import { db, inTransaction } from "@/lib/platform/db";
import { rowByRow } from "./row-by-row";
import { recordEnvelope } from "./record-envelope";
import { logKeyEvents } from "./log-keys";

const BATCH = 100;

/**
 * States every event that waits, such as a revocation, which no later signature brings along; how many keys were
 * looked at. Any number of processes may run it at once: each event is stated once.
 */
export async function logWaitingKeys(): Promise<number> {
  const keyIds = await listUnstatedKeys(db, BATCH);
  await rowByRow("keys", keyIds, async (keyId) => {
    await inTransaction((tx) => logKeyEvents(tx, keyId, recordEnvelope));
    return 1;
  });
  return keyIds.length;
}
