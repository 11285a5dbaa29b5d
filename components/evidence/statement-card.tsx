import type { ReactNode } from "react";
import type { StatementView } from "@/lib/evidence/logged-entry";
import { ClaimSources } from "./claim-sources";
import { IssuerMark } from "./issuer-mark";
import { LaterRevoked, SignedFacts, SignedHeadline } from "./signed-words";
import { VerificationRows } from "../verification/verification-rows";

type Props = {
  statement: StatementView;
  now: Date;
  /** What stands about it elsewhere in the log: adverse, withdrawn, answered. */
  marks?: ReactNode;
  /** The files it is shown beside, when it is about them. */
  modelDigest: string | null;
};

/** One signed statement of any kind: who says what about which files, what it does not show, and the five checks. */
export function StatementCard({ statement, now, marks, modelDigest }: Props) {
  const { title, signer, envelope, headline, facts, doesNotShow, subjects } = statement;
  return (
    <article
      id={`statement-${envelope.sha256}`}
      aria-label={`${title} signed by ${signer.name}`}
      className="rounded-lg border border-line bg-surface"
    >
      <div className="grid gap-3 px-5 py-4">
        <IssuerMark signer={signer} title={title} />
        {marks}
        <SignedHeadline headline={headline} doesNotShow={doesNotShow} />
        {envelope.keyRevokedAt && (
          <p className="text-sm text-ochre">
            <LaterRevoked at={envelope.keyRevokedAt} signedAt={envelope.signedAt} now={now} />
          </p>
        )}
        <SignedFacts facts={facts} />
      </div>
      <VerificationRows envelope={envelope} signerName={signer.name} modelDigest={modelDigest} />
      <ClaimSources
        envelope={envelope}
        digests={[
          { label: "Envelope", hex: envelope.sha256 },
          ...subjects
            .slice(0, 3)
            .map((hex, at) => ({ label: at === 0 ? "About" : `About (${at + 1})`, hex })),
          { label: signer.isDemoKey ? "Demo key" : "Key", hex: envelope.keyId },
        ]}
      />
    </article>
  );
}
