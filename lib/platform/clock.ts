import "server-only";
import { db, type Tx } from "./db";

/**
 * The time that decides deadlines: the database's clock, moved forward by the offset of a demo installation.
 * Every machine of an installation therefore agrees, whatever its own clock says.
 */
export async function currentTime(tx: Tx | typeof db = db): Promise<Date> {
  const rows = await tx.$queryRaw<{ now: Date }[]>`
    SELECT clock_timestamp() + make_interval(secs => coalesce(
      (SELECT "clockOffsetSeconds" FROM "Installation" WHERE id = 1), 0)) AS now`;
  const now = rows[0]?.now;
  if (!now) throw new Error("The database did not tell the time.");
  return now;
}

/** Moves the simulated clock of a demo installation forward; never back, never on a real one. */
export async function advanceDemoClock(tx: Tx, seconds: number): Promise<void> {
  if (!Number.isInteger(seconds) || seconds <= 0) throw new Error("The clock only moves forward.");
  await tx.installation.updateMany({
    where: { id: 1, isDemo: true },
    data: { clockOffsetSeconds: { increment: seconds } },
  });
}
