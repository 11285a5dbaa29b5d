import { z } from "zod";
import { answerKind } from "./kinds/answer";
import { completenessKind } from "./kinds/completeness";
import { contributionKind } from "./kinds/contribution";
import { dataOriginKind } from "./kinds/data-origin";
import { dealRecordKind } from "./kinds/deal-record";
import { evaluationKind } from "./kinds/evaluation";
import { keyKind } from "./kinds/key";
import type { Speaker, StatementKind } from "./kinds/kind";
import { limitationKind } from "./kinds/limitation";
import { modelSigningKind } from "./kinds/model-signing";
import { nicheClaimKind } from "./kinds/niche-claim";
import { revocationKind } from "./kinds/revocation";
import { roleKind } from "./kinds/role";
import { rulingKind } from "./kinds/ruling";
import { runAttemptKind } from "./kinds/run-attempt";
import { slsaProvenanceKind } from "./kinds/slsa-provenance";
import { svrKind } from "./kinds/svr";
import { tombstoneKind } from "./kinds/tombstone";
import { usageKind } from "./kinds/usage";
import { type StatementSentences, digest, sentence, strong } from "./sentence";
import { type Statement, predicateTypeOf } from "./statement";

/** Every kind of statement that is kept here. */
export const statementKinds: readonly StatementKind[] = [
  evaluationKind,
  nicheClaimKind,
  contributionKind,
  dataOriginKind,
  limitationKind,
  usageKind,
  answerKind,
  revocationKind,
  dealRecordKind,
  rulingKind,
  runAttemptKind,
  keyKind,
  roleKind,
  completenessKind,
  tombstoneKind,
  slsaProvenanceKind,
  modelSigningKind,
  svrKind,
];

/** The kind of a predicate type; null for one that is not kept here. */
export function kindOf(predicateType: string): StatementKind | null {
  return statementKinds.find((kind) => kind.predicateType === predicateType) ?? null;
}

/**
 * A statement in plain sentences, from what was signed alone; `signerName` is the name of the account whose key made
 * the signature. Of an unknown or malformed statement it says just that. All dates are in UTC.
 */
export function sentencesOf(statement: Statement, signerName: string): StatementSentences {
  const kind = kindOf(statement.predicateType);
  const said = kind?.sentencesOf(statement, signerName);
  if (kind && said) return { ...said, doesNotShow: kind.doesNotProve };
  const about = statement.subject[0]?.digest.sha256 ?? "";
  const what = kind ? "something that does not have the form of its kind" : "a statement of an unknown kind";
  return {
    headline: sentence("Signed by ", strong(signerName), `: ${what}, about `, digest(about), "."),
    facts: [sentence(`Its kind calls itself ${statement.predicateType.slice(0, 300)}.`)],
    doesNotShow: ["anything that can be put into words here"],
  };
}

/**
 * True when a statement speaks against the model, its listing or its seller: a run that shows no niche, a rejected
 * contribution, an opened dispute, a ruling for the buyer. It follows from the statement alone, so that everybody who
 * reads the log counts the same.
 */
export function isAdverse(statement: Statement): boolean {
  return kindOf(statement.predicateType)?.isAdverse(statement) ?? false;
}

/**
 * The SHA-256 of the envelope that a statement takes back; null when it takes none back. It counts only when both
 * have the same speaker: see `mayWithdraw`.
 */
export function withdrawnEnvelopeOf(statement: Statement): string | null {
  return kindOf(statement.predicateType)?.withdrawnEnvelopeOf(statement) ?? null;
}

/**
 * The digests a statement is about, for looking it up; null when it does not have the form of its kind. A signed list
 * of files is about the digest of its manifest with names, because its own root digest belongs to several models.
 */
export function subjectDigestsOf(statement: Statement): string[] | null {
  return kindOf(statement.predicateType)?.subjectsOf(statement) ?? null;
}

/** Who speaks in a statement; null for an unknown kind or a malformed statement. */
export function speakerOf(statement: Statement): Speaker | null {
  return kindOf(statement.predicateType)?.speakerOf(statement) ?? null;
}

/**
 * True when a revocation comes from who spoke in what it takes back: the same account, or the platform in both. Where
 * a statement names no account, the same key has to sign.
 */
export function mayWithdraw(
  revocation: { statement: Statement; keyId: string },
  withdrawn: { statement: Statement; keyId: string },
): boolean {
  const by = speakerOf(revocation.statement);
  const of = speakerOf(withdrawn.statement);
  if (!by || !of) return false;
  if (of.by === "signer") return revocation.keyId === withdrawn.keyId;
  if (of.by === "platform") return by.by === "platform";
  return by.by === "account" && by.accountId === of.accountId;
}

/** JSON Schemas served at `/predicates/<name>/v1`. Unknown fields are allowed, as in-toto asks. */
export function predicateJsonSchema(name: string): Record<string, unknown> | null {
  const kind = statementKinds.find((known) => known.name === name);
  if (!kind) return null;
  return {
    $id: predicateTypeOf(name),
    title: kind.title,
    description: `Predicate of ${kind.predicateType}. It does not show ${kind.doesNotProve.join("; ")}.`,
    ...z.toJSONSchema(kind.schema, { io: "input" }),
  };
}
