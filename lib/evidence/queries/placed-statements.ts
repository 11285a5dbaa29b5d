import "server-only";
import { publishedLeaves } from "@/lib/log/queries";
import { readPool } from "@/lib/platform/read-pool";
import type { LoggedStatement } from "@/lib/statements/completeness";
import { statementOf } from "../logged-entry";

/** A statement with its place in the log. */
export type PlacedStatement = LoggedStatement & { index: bigint };

type Row = { index: string; envelope: string; keyId: string; body: string };

/**
 * What the first `size` entries of the published log hold about these files, in its order, for counting: `pageSize` entries are
 * read at a time, and nothing of them but what a count asks for. What takes one back or answers it is among them.
 */
export async function listPlacedStatements(
  modelDigest: string,
  size: bigint,
  pageSize = 1_000,
): Promise<PlacedStatement[]> {
  const about = await readPages([modelDigest], size, pageSize);
  // What withdraws or answers one of them may name the envelope instead of the files.
  const further: PlacedStatement[] = [];
  for (let at = 0; at < about.length; at += pageSize) {
    const envelopes = about.slice(at, at + pageSize).map(({ envelope }) => envelope);
    for (const placed of await readPages(envelopes, size, pageSize)) further.push(placed);
  }
  const placed = new Map([...about, ...further].map((one) => [one.index, one]));
  return [...placed.values()].sort((one, other) => (one.index < other.index ? -1 : 1));
}

async function readPages(digests: string[], size: bigint, pageSize: number): Promise<PlacedStatement[]> {
  const found: PlacedStatement[] = [];
  for (let after = -1n; ;) {
    const { rows } = await readPool().query<Row>(
      `SELECT leaf.index, envelope.sha256 AS envelope, envelope."keyId", envelope.body
       FROM "Envelope" AS envelope JOIN ${publishedLeaves} AS leaf ON leaf."envelopeSha256" = envelope.sha256
       WHERE envelope.subjects && $1 AND envelope.body <> '' AND leaf.index > $2 AND leaf.index < $3
       ORDER BY leaf.index LIMIT $4`,
      [digests, after, size, pageSize],
    );
    for (const { index, envelope, keyId, body } of rows) {
      const statement = statementOf(body)?.statement;
      if (statement) found.push({ index: BigInt(index), envelope, keyId, statement });
    }
    if (rows.length < pageSize) return found;
    after = BigInt(rows.at(-1)?.index ?? size);
  }
}
