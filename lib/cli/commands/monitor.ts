import { setTimeout as pause } from "node:timers/promises";
import { type Command, type Input, type Outcome, type Voice, onlyPositional } from "../command";
import {
  type Count,
  type StatementEntry,
  compareWithSite,
  completenessRows,
  countStatements,
  readSiteList,
} from "../count-statements";
import { Refusal, usage } from "../ending";
import { judgeEntries } from "../judge-entries";
import { envelopesOf } from "../envelopes";
import { fetchJson, isAddress } from "../fetching";
import { type OpenedLog, type TrustContext, findLogPrefix, openLog } from "../open-log";
import { type LogEntry, readLog } from "../read-log";
import { type Row, endingOf, notChecked, rowJson, rowLine } from "../row";
import { trustHelp, trustOptions } from "../trust";
import { saidOf } from "../verification";
import { openTrustContext } from "./verify";

const help = `offcut monitor URL|DIR [--model DIGEST] [--once] [--interval SECONDS] [trust]

Follows a log: its checkpoint, that it extends the last one seen, every tile and every entry down to the signed root,
and what was signed behind each entry: that it makes sense, and that whoever signed it was, at that place of the log,
who it says. A log that shows fewer entries than were ever seen of it is refused. Then it says all that the log holds about a model, the adverse and the
withdrawn included, and holds the site's own list against it. Nothing is skipped: an entry whose payload nobody gives
out is reported as "payload unavailable".

  URL                 a site, or the address of a log
  DIR                 the folder of an exported log, which needs no site at all
  --model DIGEST      only statements about this modelDigest ("offcut hash" computes it)
  --once              look once and end; otherwise it goes on and reports what is new
  --interval SECONDS  how long to wait between two looks (default 30)

Trust
${trustHelp}

With --json and without --once one document a line is written, for every look.`;

export const monitorCommand: Command = {
  name: "monitor",
  summary: "follow a log, and count every statement about a model",
  help,
  options: {
    ...trustOptions,
    model: { type: "string" },
    once: { type: "boolean" },
    interval: { type: "string" },
  },
  run: monitor,
};

type Watch = {
  modelDigest: string | null;
  context: TrustContext;
  voice: Voice;
  entries: LogEntry[];
  /** Indexes of the entries that have had their line: one that was withheld at first gets it when it is there. */
  told: Set<bigint>;
};

async function monitor(input: Input, voice: Voice): Promise<Outcome> {
  const target = onlyPositional(input, "address");
  const modelDigest = input.text("model") ?? null;
  if (modelDigest !== null && !/^[0-9a-f]{64}$/.test(modelDigest))
    throw usage("--model is 64 lowercase hex digits.");
  const intervalSeconds = Number(input.text("interval") ?? "30");
  if (!(intervalSeconds >= 1 && intervalSeconds <= 86_400)) throw usage("--interval is 1 to 86,400 seconds.");
  const prefix = await findLogPrefix(target);
  const watch: Watch = { modelDigest, context: openTrustContext(input), voice, entries: [], told: new Set() };
  for (;;) {
    const outcome = await lookOrWait(prefix, watch, input.isSet("once"));
    // What was found wrong stays wrong: only trouble on the way is worth another try.
    if (input.isSet("once") || !["verified", "unreachable"].includes(outcome.ending)) return outcome;
    voice.tell(outcome);
    await pause(intervalSeconds * 1000);
  }
}

/** Whoever goes on does not stop because nobody answered once. */
async function lookOrWait(prefix: string, watch: Watch, isOnce: boolean): Promise<Outcome> {
  try {
    return await look(prefix, watch);
  } catch (error) {
    if (isOnce || !(error instanceof Refusal) || error.ending !== "unreachable") throw error;
    const { ending, code, message } = error;
    return { ending, result: { error: { code, message } }, lines: [message] };
  }
}

/** One look: everything that is new is read, and everything known is counted again. */
async function look(prefix: string, watch: Watch): Promise<Outcome> {
  const { context, modelDigest, voice, entries } = watch;
  const log = await openLog(prefix, context);
  const { size } = log.checkpoint;
  if (size < log.largest) {
    const said = `${prefix} shows ${size} entries, fewer than the ${log.largest} that were seen before: a log only grows.`;
    throw new Refusal("failed", "rolled_back", said, {
      size: size.toString(),
      largest: log.largest.toString(),
    });
  }
  const fetchEnvelope = envelopesOf(prefix, log.checkpoint.origin, context.memory);
  // What nobody gave out at the last look may be there now.
  const withheld = entries.findIndex(
    (entry) => entry.state === "payload_unavailable" && entry.why === "missing",
  );
  if (withheld >= 0) entries.length = withheld;
  const { reader, fetchBundle } = log;
  for await (const entry of readLog({ size, reader, fetchBundle }, BigInt(entries.length), fetchEnvelope)) {
    entries.push(entry);
    voice.progress(`read ${entries.length} of ${size} entries`);
  }
  const judged = judgeEntries(entries, log.seenAt);
  const count = countStatements(judged.entries, modelDigest);
  const rows = [
    ...log.rows,
    judged.row,
    ...completenessRows(entries, count),
    ...(await siteRows(log, modelDigest, count)),
  ];
  return outcomeOf(log, watch, count, rows);
}

async function siteRows(log: OpenedLog, modelDigest: string | null, count: Count): Promise<Row[]> {
  if (modelDigest === null || !isAddress(log.prefix)) return [];
  const address = `${new URL(log.prefix).origin}/api/v1/models/${modelDigest}/statements`;
  const answer = await fetchJson(address);
  const site = answer === null ? null : readSiteList(answer);
  return site
    ? [compareWithSite(count, site, log.checkpoint.size)]
    : [notChecked("address", `${address} gives no list to compare with`, "no_list")];
}

function outcomeOf(
  { checkpoint, vkey }: OpenedLog,
  watch: Watch,
  count: Count,
  rows: readonly Row[],
): Outcome {
  const { context, modelDigest } = watch;
  const fresh = count.statements.filter(({ index }) => !watch.told.has(index));
  for (const { index } of fresh) watch.told.add(index);
  const nameOf = (keyId: string) => context.trust.keys.find((key) => key.keyId === keyId)?.name ?? null;
  return {
    ending: endingOf(rows),
    result: {
      log: { origin: checkpoint.origin, size: checkpoint.size, vkey },
      modelDigest,
      total: count.total,
      adverse: count.adverse,
      withdrawn: count.withdrawn,
      payloadUnavailable: count.unavailable.map(({ index, leafHash, why }) => ({ index, leafHash, why })),
      faulty: count.faulty.map(({ index, leafHash, why, code }) => ({ index, leafHash, why, code })),
      statements: count.statements.map((one) => statementJson(one, nameOf)),
      rows: rows.map(rowJson),
    },
    lines: [...fresh.map((one) => statementLine(one, nameOf)), ...rows.map(rowLine), `${count.text}.`],
  };
}

type Counted = Count["statements"][number];
type NameOf = (keyId: string) => string | null;

function statementJson(entry: Counted, nameOf: NameOf): Record<string, unknown> {
  const { index, leafHash, envelope, keyId, statement, adverse, withdrawnBy, answeredBy } = entry;
  return {
    index,
    leafHash,
    envelope,
    predicateType: statement.predicateType,
    keyId,
    signer: nameOf(keyId),
    adverse,
    withdrawnBy,
    answeredBy,
    says: sentenceOf(entry, nameOf),
  };
}

function statementLine(entry: Counted, nameOf: NameOf): string {
  const marks = [
    entry.adverse ? "ADVERSE" : "",
    entry.withdrawnBy ? "WITHDRAWN" : "",
    entry.answeredBy.length > 0 ? "answered" : "",
  ].filter((mark) => mark !== "");
  const mark = marks.length > 0 ? ` [${marks.join(", ")}]` : "";
  return `${entry.index.toString().padStart(6)}${mark} ${sentenceOf(entry, nameOf)}`;
}

/** In the log every signature was seen to hold under the key that the entry records; whose key it is stays open. */
function sentenceOf({ statement, keyId }: StatementEntry, nameOf: NameOf): string {
  const name = nameOf(keyId);
  const signer = { keyId, name, spki: new Uint8Array(), origin: "given" as const, from: null, since: null };
  return saidOf({ statement, signer })?.headline ?? "";
}
