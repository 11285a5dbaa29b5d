import type { InspectionReport } from "@/lib/verification/report";
import { completenessText } from "@/lib/statements/completeness-text";
import { CheckFrame, CheckLine, CheckedRow } from "./check-row";
import { ContradictionNotice } from "../evidence/contradiction-notice";
import { ClaimReportCard } from "./claim-report";

/** Everything an inspection found, claims first. */
export function ReportView({ report }: { report: InspectionReport }) {
  return (
    <div className="grid gap-4">
      {report.notes.length > 0 && (
        <ul className="grid gap-1 rounded-md border border-line bg-sunken px-4 py-3 text-ink-2">
          {report.notes.map((note) => (
            <li key={note} className={/^FAILED|: FAILED/.test(note) ? "text-red" : ""}>
              {note}
            </li>
          ))}
        </ul>
      )}
      {report.models.map((model) => (
        <Model key={model.modelDigest} model={model} />
      ))}
      {report.checkpoints.map((checkpoint) => (
        <section
          key={checkpoint.name}
          aria-label={`Checkpoint ${checkpoint.name}`}
          className="rounded-lg border border-line bg-surface"
        >
          <p className="px-5 py-4">
            <b className="font-medium">Checkpoint</b>{" "}
            <span className="break-all text-ink-2">from {checkpoint.name}</span>
            {checkpoint.size && `: a log of ${checkpoint.size}`}
          </p>
          <div className="border-t border-line px-5 py-1 text-sm">
            <CheckedRow name="Signature" check={checkpoint.signature} />
            {checkpoint.seen && (
              <CheckFrame name="Seen before">
                <div>
                  <CheckLine check={checkpoint.seen} />
                  {checkpoint.seen.state === "failed" && <ContradictionNotice />}
                </div>
              </CheckFrame>
            )}
            <CheckedRow name="Outside observers" check={checkpoint.observers} />
          </div>
        </section>
      ))}
      {report.claims.map((claim) => (
        <ClaimReportCard key={claim.id} claim={claim} />
      ))}
      {report.files.length > 0 && <Files files={report.files} />}
    </div>
  );
}

function Model({ model }: { model: InspectionReport["models"][number] }) {
  const { listing, counts } = model;
  return (
    <section aria-label="Your files" className="rounded-lg border border-line bg-surface">
      <div className="grid gap-1 px-5 py-4">
        <p>
          {listing ? (
            <>
              <a href={`/listings/${listing.slug}`}>{listing.title}</a>
              {listing.isCurrent
                ? ", the version on offer"
                : `, version ${listing.version}, no longer on offer`}
            </>
          ) : (
            "The list of files you gave"
          )}
        </p>
        <p className="font-mono text-xs break-all text-ink-3">{model.modelDigest}</p>
        {counts && (
          <p className="text-sm text-ink-2">
            {listing && counts.total > 0 ? (
              <a href={`/listings/${listing.slug}/statements`}>{completenessText(counts)}</a>
            ) : (
              completenessText(counts)
            )}
          </p>
        )}
      </div>
      <div className="border-t border-line px-5 py-1 text-sm">
        <CheckedRow name="All your files" check={model.files} />
      </div>
    </section>
  );
}

const kinds = {
  envelope: "signed envelope",
  bundle: "bundle",
  proof: "proof of an entry",
  checkpoint: "checkpoint of a log",
  manifest: "list of files",
  broken: "damaged",
  foreign: "Sigstore bundle of another kind",
  other: "taken for a model’s file",
} as const;

function Files({ files }: { files: InspectionReport["files"] }) {
  return (
    <details className="rounded-lg border border-line bg-surface px-5 py-3" open={files.length <= 8}>
      <summary className="min-h-6">
        {files.length === 1 ? "The file you gave" : `The ${files.length} files you gave`}, hashed here
      </summary>
      <ul className="grid gap-2 pt-2 text-sm">
        {files.map(({ name, sha256, kind, problem }, index) => (
          <li key={`${index}-${name}`} className="grid gap-0.5">
            <span>
              <span className="break-all">{name}</span> <span className="text-ink-3">{kinds[kind]}</span>
            </span>
            {problem && <span className="text-red">FAILED: {problem}</span>}
            <code className="font-mono text-xs break-all text-ink-3">{sha256}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}
