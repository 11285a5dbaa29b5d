import { setTimeout as pause } from "node:timers/promises";

/** What the database says of everything that was promised while machines died: nothing lost, nothing done twice. */

const SETTLE_SECONDS = 60;

const UNBALANCED = `SELECT count(*) FROM (SELECT 1 FROM "Posting" GROUP BY "entryId", currency
  HAVING sum("debitMinor") <> sum("creditMinor")) u`;
const OUTSIDE_TREE = `SELECT (SELECT count(*) FROM "LogLeaf") + (SELECT count(*) FROM "LogPending")
  - (SELECT max(size) FROM "LogPublished") AS count`;
const OPEN_WORK = `SELECT (SELECT count(*) FROM "LogPending") + (SELECT count(*) FROM pgboss.job
  WHERE name = 'mail' AND state IN ('created', 'retry', 'active')) AS count`;
const PAID_OTHER_THAN_ONCE = `SELECT count(*) FROM unnest($1::text[]) AS d
  WHERE (SELECT count(*) FROM "JournalEntry" e WHERE e."idempotencyKey" = 'deal:' || d || ':fund') <> 1
    OR (SELECT fulfilment::text FROM "Deal" WHERE id::text = d) IN ('UNFUNDED', 'LAPSED')`;

/** Rows for the table of the drill: each attack with its limit and what was measured. */
export async function judgeMarket({ client, load, results, machines, balancer, backWithinSeconds }) {
  const ask = async (sql, values = []) => Number((await client.query(sql, values)).rows[0].count);
  await settle(() => ask(OPEN_WORK));
  const notOnce = (table, column, promised) =>
    ask(
      `SELECT count(*) FROM unnest($1::text[]) AS p
        WHERE (SELECT count(*) FROM "${table}" t WHERE t."${column}"::text = p) <> 1`,
      [promised],
    );
  const { acked, seen } = load;
  const wasInFlight = ({ target, begunAt }) =>
    results.some(({ port, goneAt }) => port === target && begunAt <= goneAt);
  const { broken } = balancer;
  const ended = machines.flatMap((machine) => machine.ended);
  const slowest = Math.max(...results.map((one) => one.backAfterSeconds));
  const counted = [
    ["requests broken off but in flight at a kill", broken.filter((one) => !wasInFlight(one)).length, broken],
    ["answers of 500 and more from a machine", load.errors.length, seen.pages],
    ["signed out", seen.signedOut, seen.pages],
    ["messages lost or written twice", await notOnce("DealMessage", "body", acked.messages), acked.messages],
    ["deals lost or opened twice", await notOnce("Deal", "id", acked.purchases), acked.purchases],
    ["deals paid other than once", await ask(PAID_OTHER_THAN_ONCE, [acked.purchases]), acked.purchases],
    ["entries that do not balance", await ask(UNBALANCED), acked.purchases],
    ["people without their one mail", await notOnce("MailboxMessage", "to", acked.people), acked.people],
    ["uploads lost or kept twice", await notOnce("StoredFile", "sha256", acked.uploads), acked.uploads],
    [
      "leaves outside the published tree",
      await ask(OUTSIDE_TREE),
      await ask(`SELECT count(*) FROM "LogLeaf"`),
    ],
    ["checkpoints of one size and two roots", seen.forks, seen.checkpoints.size],
    ["checkpoints that went back", seen.backwards, seen.checkpoints.size],
    ["processes that ended by themselves", ended.length, machines.length * 3],
  ];
  return [
    {
      attack: `machines killed: seconds until all goes on, slowest of ${results.length}`,
      limit: backWithinSeconds,
      measured: slowest,
      within: slowest <= backWithinSeconds,
    },
    ...counted.map(([what, measured, of]) => ({
      attack: `machines killed: ${what}`,
      limit: `0 of ${of.length ?? of}`,
      measured,
      within: measured === 0,
    })),
  ];
}

/** Mail and log go on by themselves: what was accepted last has arrived by then. */
async function settle(openWork) {
  for (let at = 0; at < SETTLE_SECONDS * 4 && (await openWork()) > 0; at++) await pause(250);
  await pause(2_000);
}
