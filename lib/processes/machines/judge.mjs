import { setTimeout as pause } from "node:timers/promises";

/** What the database says of everything that was promised while machines died: nothing lost, nothing done twice. */

const SETTLE_SECONDS = 60;

/** Rows of what was promised, the limit, what was measured, and whether that is within. */
export async function judgeMarket({ client, load, results, machines, balancer, backWithinSeconds }) {
  const ask = async (sql, values = []) => Number((await client.query(sql, values)).rows[0].count);
  await settled(ask);
  const { acked, errors, seen } = load;
  const none = (what, measured, of) => ({
    attack: `machines killed: ${what}`,
    limit: `0 of ${of}`,
    measured,
    within: measured === 0,
  });
  const missing = async (table, column, promised) => {
    const { rows } = await client.query(
      `SELECT p FROM unnest($1::text[]) AS p WHERE (SELECT count(*) FROM "${table}" t WHERE t."${column}"::text = p) <> 1`,
      [promised],
    );
    return rows.length;
  };
  const wasInFlight = ({ target, begunAt }) =>
    results.some(({ port, goneAt }) => port === target && begunAt <= goneAt);
  const broken = balancer.broken.filter((one) => !wasInFlight(one)).length;
  const slowest = Math.max(...results.map((one) => one.backAfterSeconds));
  return [
    {
      attack: `machines killed: seconds until all goes on, slowest of ${results.length}`,
      limit: backWithinSeconds,
      measured: slowest,
      within: slowest <= backWithinSeconds,
    },
    none("requests broken off that were not in flight at a kill", broken, balancer.broken.length),
    none("answers of 500 and more from a machine", errors.length, seen.pages),
    none("signed out", seen.signedOut, seen.pages),
    none(
      "messages lost or written twice",
      await missing("DealMessage", "body", acked.messages),
      acked.messages.length,
    ),
    none("deals lost or opened twice", await missing("Deal", "id", acked.purchases), acked.purchases.length),
    none(
      "deals paid other than once",
      await paidOtherThanOnce(client, acked.purchases),
      acked.purchases.length,
    ),
    none(
      "entries that do not balance",
      await ask(UNBALANCED),
      await ask(`SELECT count(*) FROM "JournalEntry"`),
    ),
    none(
      "people without their one mail",
      await missing("MailboxMessage", "to", acked.people),
      acked.people.length,
    ),
    none(
      "uploads without their bytes",
      await missing("StoredFile", "sha256", acked.uploads),
      acked.uploads.length,
    ),
    none(
      "leaves outside the published tree",
      await ask(OUTSIDE_TREE),
      await ask(`SELECT count(*) FROM "LogLeaf"`),
    ),
    none("checkpoints of one size and two roots", seen.forks, seen.checkpoints.size),
    none(
      "processes that ended by themselves",
      machines.flatMap(({ ended }) => ended).length,
      machines.length * 3,
    ),
  ];
}

const UNBALANCED = `SELECT count(*) FROM (SELECT 1 FROM "Posting" GROUP BY "entryId", currency
  HAVING sum("debitMinor") <> sum("creditMinor")) u`;
const OUTSIDE_TREE = `SELECT (SELECT count(*) FROM "LogLeaf") + (SELECT count(*) FROM "LogPending")
  - (SELECT max(size) FROM "LogPublished") AS count`;

async function paidOtherThanOnce(client, deals) {
  const { rows } = await client.query(
    `SELECT d FROM unnest($1::text[]) AS d WHERE (SELECT count(*) FROM "JournalEntry" e
      WHERE e."subjectId"::text = d AND e."idempotencyKey" = 'deal:' || d || ':fund') <> 1
      OR (SELECT fulfilment::text FROM "Deal" WHERE id::text = d) IN ('UNFUNDED', 'LAPSED')`,
    [deals],
  );
  return rows.length;
}

/** Mail and log go on by themselves: what was accepted last has arrived by then. */
async function settled(ask) {
  const open = () =>
    ask(`SELECT (SELECT count(*) FROM "LogPending") + (SELECT count(*) FROM pgboss.job
      WHERE name = 'mail' AND state IN ('created', 'retry', 'active')) AS count`);
  for (let at = 0; at < SETTLE_SECONDS * 4 && (await open()) > 0; at++) await pause(250);
  await pause(2_000);
}
