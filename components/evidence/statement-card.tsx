import type { ReactNode } from "react";
import { Moment } from "@/components/ui/moment";
import type { StatementView } from "@/lib/evidence/logged-entry";
import { ClaimSources, filesCommand } from "./claim-sources";
import { IssuerMark } from "./issuer-mark";
import { SentenceText } from "./sentence";
import { VerificationRows } from "./verification-rows";

type Props = {
  statement: StatementView;
  now: Date;
  /** What stands about it elsewhere in the log: adverse, withdrawn, answered. */
  marks?: ReactNode;
  /** The files it is shown beside, when it is about them. */
  modelDigest: string | null;
};

/** One signed statement of any kind: who says what about which files, what it does not show, and the four checks. */
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
        <p className="max-w-[68ch] break-words text-pretty">
          <SentenceText sentence={headline} />{" "}
          <span className="text-ink-3">It does not show {listed(doesNotShow)}.</span>
        </p>
        {envelope.keyRevokedAt && (
          <p className="text-sm text-ochre">
            The key was revoked <Moment at={envelope.keyRevokedAt} now={now} />, after it had signed this.
          </p>
        )}
        {facts.length > 0 && (
          <ul className="grid max-w-[68ch] gap-1 text-sm text-ink-2">
            {facts.map((fact, index) => (
              <li key={index} className="break-words">
                <SentenceText sentence={fact} />
              </li>
            ))}
          </ul>
        )}
      </div>
      <VerificationRows
        claim={{
          sha256: envelope.sha256,
          href: envelope.href,
          payloadSha256: envelope.payloadSha256,
          predicateType: envelope.predicateType,
          keySpkiBase64: envelope.keySpkiBase64,
          signerName: signer.name,
          subjectSha256: modelDigest,
        }}
        modelDigest={modelDigest}
        commandLine={filesCommand(envelope)}
      />
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

/** "a; b; or c". */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "anything beyond that";
  return `${items.slice(0, -1).join("; ")}; or ${items.at(-1)}`;
}
