import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import { kindOf, sentencesOf, speakerOf } from "@/lib/statements/kinds";
import type { EnvelopeView } from "./evaluation-view";
import type { StatementSentences } from "@/lib/statements/sentence";
import { type Statement, readStatement } from "@/lib/statements/statement";
import { PLATFORM_NAME } from "./statement-view";
import { digestOfBytes } from "@/lib/statements/verify-envelope";

/** Who issues a statement, seen from the files it is about. */
export type Issuer =
  /** this installation, about what it did or saw itself */
  | "platform"
  /** this installation, which vouches that an account said so */
  | "platform_for_account"
  /** whoever sells the files */
  | "seller"
  | "evaluator"
  | "other_account";

export type IssuerView = {
  issuer: Issuer;
  /** whose key it is; the platform's own name for its keys */
  name: string;
  handle: string | null;
  isDemoKey: boolean;
  /** The account that the platform speaks for. */
  onBehalfOf: string | null;
};

/** A statement in words, with what a reader's browser needs to check it again. */
export type StatementView = StatementSentences & {
  /** "Evaluation" */
  title: string;
  signer: IssuerView;
  envelope: EnvelopeView;
  /** The digests of its subjects. */
  subjects: string[];
  /** The first of them that is the digest of files listed here; null when none is. */
  modelDigest: string | null;
};

/** What an entry of the log records, as far as it can still be read. */
export type LoggedEntry = {
  index: bigint;
  leafHash: string;
  envelopeSha256: string;
  integratedAt: Date;
  /** Null when the envelope was erased or holds no statement: the entry and its proof stay. */
  statement: StatementView | null;
};

export type KnownSigner = {
  id: string;
  spki: Uint8Array;
  isDemo: boolean;
  revokedAt: Date | null;
  account: { id: string; displayName: string; handle: string; isEvaluator: boolean } | null;
};

type Known = {
  signer: KnownSigner;
  /** Display name of an account by its id; null for one that is not known here. */
  nameOf: (accountId: string) => string | null;
  /** The accounts that sell files with this digest; null when none are listed here. */
  sellersOf: (sha256: string) => ReadonlySet<string> | null;
};

/** The statement of a stored envelope; null when it holds none. */
export function statementOf(body: string): { statement: Statement; payload: Uint8Array } | null {
  const payload = decodeBase64(readEnvelope(body)?.payload ?? "");
  const statement = payload && readStatement(payload);
  return payload && statement ? { statement, payload } : null;
}

/**
 * Puts a stored envelope into words; null when it holds no statement. Who bought something is not named: the envelope
 * holds the account's id and no more. `origin` is the site's own.
 */
export function loggedStatementView(
  stored: { sha256: string; body: string; leafHash: string; createdAt: Date },
  { signer, nameOf, sellersOf }: Known,
  origin: string,
): StatementView | null {
  const read = statementOf(stored.body);
  if (!read) return null;
  const { statement, payload } = read;
  const subjects = [...new Set(statement.subject.map(({ digest }) => digest.sha256))];
  const issuer = issuerOf(statement, signer, (accountId) =>
    subjects.some((sha256) => sellersOf(sha256)?.has(accountId)),
  );
  const speaker = speakerOf(statement);
  const spokenFor = issuer === "platform_for_account" && speaker?.by === "account" ? speaker.accountId : null;
  const inPublic = speaker?.by === "account" ? speaker.calledInPublic : undefined;
  const onBehalfOf = spokenFor === null ? null : (inPublic ?? nameOf(spokenFor) ?? "an account");
  const name = signer.account ? (inPublic ?? signer.account.displayName) : PLATFORM_NAME;
  return {
    ...sentencesOf(statement, onBehalfOf === null ? name : `${name} for ${onBehalfOf}`),
    title: kindOf(statement.predicateType)?.title ?? "Unknown kind",
    signer: {
      issuer,
      name,
      handle: inPublic === undefined ? (signer.account?.handle ?? null) : null,
      isDemoKey: signer.isDemo,
      onBehalfOf,
    },
    subjects,
    modelDigest: subjects.find((sha256) => sellersOf(sha256) !== null) ?? null,
    envelope: {
      sha256: stored.sha256,
      href: `/api/v1/envelopes/${stored.sha256}`,
      leafHash: stored.leafHash,
      bundleUrl: `${origin}/log/1/bundle/${stored.leafHash}`,
      payloadSha256: digestOfBytes(payload),
      predicateType: statement.predicateType,
      keyId: signer.id,
      keySpkiBase64: encodeBase64(signer.spki),
      signedAt: stored.createdAt,
      keyRevokedAt: signer.revokedAt,
    },
  };
}

function issuerOf(
  statement: Statement,
  { account }: KnownSigner,
  sells: (accountId: string) => boolean,
): Issuer {
  if (account === null) return speakerOf(statement)?.by === "account" ? "platform_for_account" : "platform";
  if (sells(account.id)) return "seller";
  return account.isEvaluator ? "evaluator" : "other_account";
}
