import "server-only";
import { cache } from "react";
import { type Tx, db } from "./db";
import { env } from "./env";

export type InstallationView = {
  isDemo: boolean;
  currency: string;
  logOrigin: string;
  isClockMoved: boolean;
};

function originOf(appOrigin: string): string {
  return `${new URL(appOrigin).host}/log/1`;
}

/**
 * Fixes this installation's log origin, currency and demo state at the first start.
 * Later starts with another log origin or currency are refused: the log and the journal depend on them.
 */
export async function openInstallation(): Promise<void> {
  const { APP_ORIGIN, LOG_ORIGIN, CURRENCY, OFFCUT_DEMO } = env();
  await db.installation.createMany({
    data: [{ id: 1, logOrigin: LOG_ORIGIN || originOf(APP_ORIGIN), currency: CURRENCY, isDemo: OFFCUT_DEMO }],
    skipDuplicates: true,
  });
  const row = await db.installation.findUniqueOrThrow({ where: { id: 1 } });
  const refusal =
    LOG_ORIGIN && LOG_ORIGIN !== row.logOrigin
      ? `LOG_ORIGIN is ${LOG_ORIGIN}, but this database belongs to ${row.logOrigin}.`
      : CURRENCY !== row.currency
        ? `CURRENCY is ${CURRENCY}, but this database keeps its books in ${row.currency}.`
        : row.isDemo !== OFFCUT_DEMO
          ? `This database was opened ${row.isDemo ? "as a demo" : "for real money"}; OFFCUT_DEMO says otherwise.`
          : null;
  if (refusal) throw new Error(`Offcut cannot start with this configuration:\n  ${refusal}`);
}

/** The installation as it stands, inside a transaction. Throws when it was never opened. */
export async function readInstallation(tx: Pick<Tx, "installation"> = db): Promise<InstallationView> {
  const row = await tx.installation.findUniqueOrThrow({ where: { id: 1 } });
  const { isDemo, currency, logOrigin } = row;
  return { isDemo, currency, logOrigin, isClockMoved: row.clockOffsetSeconds > 0 };
}

/** What every page needs to know of the installation; read once a request. */
export const getInstallation = cache(async (): Promise<InstallationView> => {
  if (!(await db.installation.findUnique({ where: { id: 1 }, select: { id: true } })))
    await openInstallation();
  return readInstallation();
});
