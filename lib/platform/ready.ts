import "server-only";
import { db } from "./db";
import { log } from "./log";

/** True once the database answers and the installation row stands. */
export async function isReady(): Promise<boolean> {
  try {
    return (await db.installation.count()) === 1;
  } catch (error) {
    log.warn({ error: String(error) }, "not ready");
    return false;
  }
}
