import "server-only";
import path from "node:path";
import { env } from "@/lib/platform/env";

/** Where the key of this installation's log lies, which the sequencer alone opens. */
export function logKeyFile(): string {
  return path.resolve(env().DATA_DIR, "keys", "log", "log-1.pem");
}

/** The second place of the last signed checkpoint. */
export function checkpointFile(): string {
  const { LOG_CHECKPOINT_FILE, DATA_DIR } = env();
  return path.resolve(LOG_CHECKPOINT_FILE ?? path.join(DATA_DIR, "log", "last-checkpoint"));
}
