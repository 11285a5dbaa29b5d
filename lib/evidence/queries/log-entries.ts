import "server-only";
import { namesById } from "@/lib/accounts/queries/names";
import { keysWithOwners } from "@/lib/accounts/queries/signing-keys";
import { sellersByDigest } from "@/lib/catalogue/queries/model-digests";
import { publishedLeaves } from "@/lib/log/queries";
import { env } from "@/lib/platform/env";
import { readPool } from "@/lib/platform/read-pool";
import { toHex } from "@/lib/shared/encoding";
import { speakerOf } from "@/lib/statements/kinds";
import { type LoggedEntry, loggedStatementView, statementOf } from "../logged-entry";

/** An entry with the stored envelope's exact text, where it is still there. */
export type EntryRecord = LoggedEntry & { body: string | null; keyId: string | null };

/** Entries of the published log from `before` downwards, newest first. Public. */
export async function listLogEntries(before: bigint, limit: number): Promise<EntryRecord[]> {
  return readEntries("leaf.index < $1", "DESC LIMIT $2", [before, limit]);
}

/** One entry of the published log; null beyond its end. */
export async function findLoggedEntry(index: bigint): Promise<EntryRecord | null> {
  const [entry] = await readEntries("leaf.index = $1", "ASC", [index]);
  return entry ?? null;
}

/** The entries that a reader's digest leads to. */
export type LogSearch = {
  /** What the digest is, in words; null when nothing bears it. */
  as: "leaf" | "envelope" | "files" | "key" | null;
  entries: EntryRecord[];
};

/** Most entries that a search shows; a digest of files leads to the list of all. */
export const MAX_FOUND = 200;

/** Looks a digest up as a leaf hash, an envelope, a subject, and a key, in this order. Newest first. */
export async function searchLog(hex: string): Promise<LogSearch> {
  if (!/^[0-9a-f]{64}$/.test(hex)) return { as: null, entries: [] };
  const places = [
    ["leaf", `leaf."leafHash" = decode($1, 'hex')`],
    ["envelope", `leaf."envelopeSha256" = $1`],
    ["files", `envelope.subjects @> ARRAY[$1]`],
    ["key", `envelope."keyId" = $1`],
  ] as const;
  for (const [as, where] of places) {
    const entries = await readEntries(where, `DESC LIMIT ${MAX_FOUND}`, [hex]);
    if (entries.length > 0) return { as, entries };
  }
  return { as: null, entries: [] };
}

/** Entries whose envelope names one of these digests among its subjects, in the log's order. */
export async function listEntriesAbout(digests: readonly string[]): Promise<EntryRecord[]> {
  return readEntries("envelope.subjects && $1", "ASC", [digests]);
}

type Row = {
  index: string;
  leafHash: Buffer;
  envelopeSha256: string;
  integratedAt: Date;
  body: string | null;
  keyId: string | null;
  createdAt: Date | null;
};

/** Condition and order are fixed texts of this file; nothing beyond the published checkpoint is ever read. */
async function readEntries(condition: string, order: string, values: unknown[]): Promise<EntryRecord[]> {
  const { rows } = await readPool().query<Row>(
    `SELECT leaf.index, leaf."leafHash", leaf."envelopeSha256", leaf."integratedAt",
       NULLIF(envelope.body, '') AS body, envelope."keyId", envelope."createdAt"
     FROM ${publishedLeaves} AS leaf LEFT JOIN "Envelope" AS envelope ON envelope.sha256 = leaf."envelopeSha256"
     WHERE ${condition}
     ORDER BY leaf.index ${order}`,
    values,
  );
  return recordsOf(rows);
}

async function recordsOf(rows: readonly Row[]): Promise<EntryRecord[]> {
  const signers = await keysWithOwners(rows.flatMap(({ keyId }) => keyId ?? []));
  const statements = rows.flatMap(({ body }) => (body === null ? [] : (statementOf(body)?.statement ?? [])));
  const [names, sellers] = await Promise.all([
    namesById(
      statements.flatMap((statement) => {
        const speaker = speakerOf(statement);
        return speaker?.by === "account" ? speaker.accountId : [];
      }),
    ),
    sellersByDigest(statements.flatMap(({ subject }) => subject.map(({ digest }) => digest.sha256))),
  ]);
  const { origin } = new URL(env().APP_ORIGIN);
  return rows.map(({ index, leafHash, envelopeSha256, integratedAt, body, keyId, createdAt }) => {
    const signer = keyId === null ? undefined : signers.get(keyId);
    const hash = toHex(leafHash);
    const stored = {
      sha256: envelopeSha256,
      leafHash: hash,
      body: body ?? "",
      createdAt: createdAt ?? integratedAt,
    };
    const known = {
      nameOf: (accountId: string) => names.get(accountId)?.displayName ?? null,
      sellersOf: (sha256: string) => sellers.get(sha256) ?? null,
    };
    const statement =
      body !== null && signer ? loggedStatementView(stored, { signer, ...known }, origin) : null;
    return { index: BigInt(index), leafHash: hash, envelopeSha256, integratedAt, statement, body, keyId };
  });
}
