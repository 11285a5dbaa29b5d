import type { ReactNode } from "react";
import { FilesCheck } from "./files-check";
import { SignatureCheck } from "./signature-check";
import { CheckRow } from "./check-row";
import { LogCheck } from "./log-check";

export type CheckableEnvelope = {
  sha256: string;
  href: string;
  payloadSha256: string;
  predicateType: string;
  keySpkiBase64: string;
};

type Props = {
  envelope: CheckableEnvelope;
  signerName: string;
  /** Null for an endpoint or a card, which have no files. */
  modelDigest: string | null;
};

/** The four checks of a claim. What a browser cannot or did not check never looks as if it had. */
export function VerificationRows({ envelope, signerName, modelDigest }: Props) {
  return (
    <div className="border-t border-line px-5 py-1 text-sm">
      <Row name="Signature">
        <SignatureCheck envelope={envelope} signerName={signerName} subjectSha256={modelDigest} />
      </Row>
      <Row name="Public record">
        <LogCheck href={envelope.href} keySpkiBase64={envelope.keySpkiBase64} />
      </Row>
      <Row name="Outside observers">
        <CheckRow state="warning">
          no outside observers yet: only Offcut vouches that nobody is shown another log
        </CheckRow>
      </Row>
      <Row name="Your files">
        {modelDigest === null ? (
          <CheckRow state="cannot_check">
            cannot check: there are no files, so nothing ties this to bytes
          </CheckRow>
        ) : (
          <FilesCheck modelDigest={modelDigest} />
        )}
      </Row>
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div
      role="group"
      aria-label={name}
      className="relative grid gap-x-4 border-line py-2.5 not-last:border-b sm:grid-cols-[11rem_1fr]"
    >
      <p className="pl-6">{name}</p>
      {children}
    </div>
  );
}
