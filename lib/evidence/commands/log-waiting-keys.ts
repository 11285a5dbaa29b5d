import "server-only";
import { listUnstatedKeys } from "@/lib/accounts/records/key-register";
import { inTransaction } from "@/lib/platform/db";
import { orPutAside } from "@/lib/platform/put-aside";
import { recordEnvelope } from "./record-envelope";
import { logKeyEvents } from "./log-keys";

const BATCH = 100;

/**
 * States every event that waits, such as a revocation, which no later signature brings along; how many keys were
 * looked at. One that cannot be stated is put aside. Any number of processes may run it at once: each event is stated
 * once.
 */
export async function logWaitingKeys(): Promise<number> {
  const keyIds = await listUnstatedKeys("keys", BATCH);
  for (const keyId of keyIds) {
    await orPutAside("keys", keyId, () => inTransaction((tx) => logKeyEvents(tx, keyId, recordEnvelope)));
  }
  return keyIds.length;
}
