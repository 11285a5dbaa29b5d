import { refuseParameters } from "@/lib/catalogue/api-view";
import { listStatementsAbout } from "@/lib/evidence/queries/statements-about";
import { publicAnswer } from "../../../public-response";

export { preflight as OPTIONS } from "../../../public-response";

/** Every statement about a model's files in the published log, in its order. Whoever reads the log counts the same. */
export async function GET(request: Request, { params }: { params: Promise<{ modelDigest: string }> }) {
  const refusal = refuseParameters(request);
  if (refusal) return refusal;
  const about = await listStatementsAbout((await params).modelDigest);
  if (!about) {
    const error = { code: "not_a_digest", parameter: null, message: "A model’s digest has 64 hex digits." };
    return publicAnswer({ error }, 400);
  }
  const { modelDigest, total, adverse, withdrawn, logSize } = about;
  const statements = about.statements.map(({ envelope, keyId, statement, entry, ...judged }) => ({
    envelope,
    leafHash: entry.leafHash,
    index: Number(entry.index),
    predicateType: statement.predicateType,
    keyId,
    signer: entry.statement?.signer.name ?? null,
    adverse: judged.adverse,
    withdrawnBy: judged.withdrawnBy,
    answeredBy: judged.answeredBy,
  }));
  const body = { modelDigest, statements, total, adverse, withdrawn, logSize: Number(logSize) };
  return publicAnswer(body);
}
