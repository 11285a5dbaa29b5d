import { readEnvelope } from "@/lib/statements/dsse";
import { decodeBase64, encodeBase64 } from "@/lib/shared/encoding";
import type { EnvelopeView, EvaluationView } from "./evaluation-view";
import { leafHashHex } from "@/lib/log/leaf-body";
import { sentencesOf } from "@/lib/statements/kinds";
import { evaluationPredicateSchema } from "@/lib/statements/kinds/evaluation";
import { readStatement } from "@/lib/statements/statement";
import { digestOfBytes } from "@/lib/statements/verify-envelope";

export type SignerFacts = {
  key: { id: string; spki: Uint8Array; isDemo: boolean; revokedAt: Date | null };
  /** Whose run it is; null for the platform's own. */
  account: { displayName: string; handle: string } | null;
};

export type StoredEnvelope = { sha256: string; body: string; predicateType: string; createdAt: Date };

export const PLATFORM_NAME = "Offcut";

/**
 * What a kept envelope about an evaluation says, in sentences, with what is needed to check it. Throws for one that
 * does not hold such a statement: `recordEnvelope` keeps no others. `origin` is the site's own.
 */
export function statementView(
  envelope: StoredEnvelope,
  { key, account }: SignerFacts,
  origin: string,
): Pick<EvaluationView, "signer" | "headline" | "facts" | "doesNotShow" | "envelope"> {
  const dsse = readEnvelope(envelope.body);
  const payload = decodeBase64(dsse?.payload ?? "");
  const statement = payload && readStatement(payload);
  if (!dsse || !payload || !statement) throw new Error(`The envelope ${envelope.sha256} holds no statement.`);
  const predicate = evaluationPredicateSchema.parse(statement.predicate);
  const agreedInSession = predicate.agreedBy?.method === "session";
  const name = account?.displayName ?? PLATFORM_NAME;
  const signerName = agreedInSession ? `${PLATFORM_NAME} for ${name}` : name;
  const leafHash = leafHashHex(dsse, key.spki);
  const view: EnvelopeView = {
    sha256: envelope.sha256,
    href: `/api/v1/envelopes/${envelope.sha256}`,
    leafHash,
    bundleUrl: leafHash && `${origin}/log/1/bundle/${leafHash}`,
    payloadSha256: digestOfBytes(payload),
    predicateType: envelope.predicateType,
    keyId: key.id,
    keySpkiBase64: encodeBase64(key.spki),
    signedAt: envelope.createdAt,
    keyRevokedAt: key.revokedAt,
  };
  return {
    ...sentencesOf(statement, signerName),
    signer: {
      name,
      handle: account?.handle ?? null,
      role: predicate.evaluator.role,
      isDemoKey: key.isDemo,
      agreedInSession,
    },
    envelope: view,
  };
}
