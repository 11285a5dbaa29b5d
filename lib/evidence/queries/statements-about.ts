import "server-only";
import { type Completeness, completenessOf, statementsAbout } from "@/lib/statements/completeness";
import { findPublishedLog } from "@/lib/log/queries";
import { statementOf } from "../logged-entry";
import type { Statement } from "@/lib/statements/statement";
import { type EntryRecord, listEntriesAbout } from "./log-entries";

export type StatementsAbout = Completeness<CountedStatement> & {
  modelDigest: string;
  /** Entries of the published log that was looked through. */
  logSize: bigint;
};

export type CountedStatement = { envelope: string; keyId: string; statement: Statement; entry: EntryRecord };

/**
 * Every statement about these files in the published log, in its order, with those that are adverse or withdrawn.
 * Public. It is looked up by an index, so it is no proof by itself: whoever reads the whole log counts the same.
 */
export async function listStatementsAbout(modelDigest: string): Promise<StatementsAbout | null> {
  if (!/^[0-9a-f]{64}$/.test(modelDigest)) return null;
  // The log first: its size says where the list ends, however much is published while the entries are read.
  const logSize = (await findPublishedLog())?.checkpoint.size ?? 0n;
  const about = await listEntriesAbout([modelDigest]);
  // What withdraws or answers one of them may name the envelope instead of the files.
  const further = await listEntriesAbout(about.map(({ envelopeSha256 }) => envelopeSha256));
  const entries = new Map([...about, ...further].map((entry) => [entry.leafHash, entry]));
  const counted = [...entries.values()]
    .filter(({ index }) => index < logSize)
    .sort((one, other) => (one.index < other.index ? -1 : 1))
    .flatMap((entry) => {
      const statement = entry.body === null ? null : statementOf(entry.body)?.statement;
      if (!statement || entry.keyId === null) return [];
      return [{ envelope: entry.envelopeSha256, keyId: entry.keyId, statement, entry }];
    });
  const found = completenessOf(statementsAbout(modelDigest, counted));
  return { modelDigest, ...found, logSize };
}
