import { DEAL_RECORD_PREDICATE, type DealRecordPredicate } from "./kinds/deal-record";
import { type Statement, makeStatement, saltedCommitment } from "./statement";

export type DealRecordInput = Omit<DealRecordPredicate, "commitments" | "at"> & {
  /** Digest of the terms, which hold a salt of their own; it is the statement's first subject. */
  termsSha256: string;
  /** Present when the deal is about files that have one. */
  modelDigest: string | null;
  /** Further values to commit to; each is salted with `saltHex` (64 hex digits), which the parties keep. */
  commit?: readonly { of: DealRecordPredicate["commitments"][number]["of"]; value: unknown }[];
  saltHex: string;
  at: Date;
};

/** The statement to sign about one step of a deal. Nothing in it tells a price, a term or a name. */
export function dealRecordStatement(input: DealRecordInput): Statement<DealRecordPredicate> {
  const {
    termsSha256,
    modelDigest,
    commit = [],
    saltHex,
    at,
    record,
    deal,
    party,
    account,
    agreedBy,
  } = input;
  const predicate: DealRecordPredicate = {
    record,
    deal,
    party,
    account,
    agreedBy,
    commitments: [
      { of: "terms", sha256: termsSha256 },
      ...commit.map(({ of, value }) => ({ of, sha256: saltedCommitment(value, saltHex) })),
    ],
    at: at.toISOString(),
  };
  const model = modelDigest === null ? [] : [{ name: "model", sha256: modelDigest }];
  return makeStatement(DEAL_RECORD_PREDICATE, [{ name: "terms", sha256: termsSha256 }, ...model], predicate);
}
