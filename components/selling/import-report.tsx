import { NotMappedList } from "@/components/selling/not-mapped-list";
import { GradeMark } from "@/components/catalogue/grade-mark";
import { ButtonForm } from "@/components/forms/action-form";
import { Digest } from "@/components/ui/digest";
import { Moment } from "@/components/ui/moment";
import { removeImport } from "@/lib/selling/actions/evaluations";
import { importFormatLabels } from "@/lib/formats/import-report";
import type { DraftImportView } from "@/lib/selling/queries/draft-imports";
import type { NotMapped } from "@/lib/shared/cursor";
import { SignedFiles } from "./signed-files";

/** A file that was read into a draft: what it filled, what it states, what would mislead, what was left out. */
export function ImportReport({ read, now }: { read: DraftImportView; now: Date }) {
  const { report, signature } = read;
  return (
    <section
      aria-label={read.fileName}
      className="grid gap-3 rounded-lg border border-line bg-surface px-5 py-4.5"
    >
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h3 className="min-w-0 flex-1 basis-48 break-all">{read.fileName}</h3>
        <span className="text-sm text-ink-3">
          {importFormatLabels[read.format]}, read <Moment at={read.createdAt} now={now} />
        </span>
        <Digest hex={read.sha256} />
      </div>
      <p className="text-sm text-ink-2">{whatItGave(read)}</p>
      {signature && <SignedFiles signature={signature} />}
      <Traps
        traps={signature ? report.traps.filter(({ code }) => !code.startsWith("signature_")) : report.traps}
      />
      <Notices notices={report.notices} />
      {report.figures.length > 0 && <Figures report={report} />}
      {report.facts.length > 0 && <RunFacts facts={report.facts} />}
      {report.limits.length > 0 && (
        <details>
          <summary className="min-h-6">
            {report.limits.length === 1 ? "One limit" : `${report.limits.length} limits`} it names: state
            those that hold under Known limitations
          </summary>
          <ul className="grid max-w-[70ch] list-disc gap-1 pt-2 pl-5 text-sm text-ink-2">
            {report.limits.map((limit, index) => (
              <li key={index} className="break-words whitespace-pre-wrap">
                {limit}
              </li>
            ))}
          </ul>
        </details>
      )}
      <NotUsed entries={report.notUsed} of="thing" />
      {!read.isSigned && (
        <ButtonForm
          action={removeImport}
          fields={{ importId: read.id }}
          className="grid justify-items-start"
          aria-label={`Remove ${read.fileName}`}
          variant="quiet"
        >
          {read.evaluationId ? "Remove it and its unsigned rows" : "Remove it"}
        </ButtonForm>
      )}
    </section>
  );
}

/** How a file of rows was read, under the evaluation made of it. */
export function RowsReport({ read }: { read: DraftImportView }) {
  const { notices, notUsed } = read.report;
  if (notices.length === 0 && notUsed.length === 0) return null;
  return (
    <div className="grid gap-2">
      <Notices notices={notices} />
      <NotUsed entries={notUsed} of="column" />
    </div>
  );
}

function NotUsed({ entries, of }: { entries: readonly NotMapped[]; of: string }) {
  if (entries.length === 0) return null;
  const summary = `What was not used: ${entries.length} ${of}${entries.length === 1 ? "" : "s"}`;
  return <NotMappedList entries={entries} source="the file" summary={summary} />;
}

function whatItGave({ report, format }: DraftImportView): string {
  const { filled, rows, figureCount } = report;
  const gave = [
    filled.length > 0 ? `Filled: ${filled.join(", ")}.` : "Filled no field.",
    rows
      ? `${rows.n.toLocaleString("en")} rows and ${rows.slices} slices went into an evaluation below.`
      : "",
    figureCount > 0 && !rows ? "It holds figures and no rows, so they stay claims." : "",
    format === "hf-model-card" && filled.includes("Model card") ? "The card is kept whole above." : "",
  ];
  return gave.filter(Boolean).join(" ");
}

function Traps({ traps }: { traps: DraftImportView["report"]["traps"] }) {
  if (traps.length === 0) return <p className="text-sm text-ink-2">No traps found.</p>;
  return (
    <div className="grid gap-1 rounded-md bg-ochre-soft px-4 py-3 text-ochre">
      <h4 className="font-medium">Traps found: {traps.length}</h4>
      <ul className="grid list-disc gap-1 pl-5 text-sm">
        {traps.slice(0, 40).map(({ message }, index) => (
          <li key={index} className="wrap-anywhere">
            {message}
          </li>
        ))}
      </ul>
      {traps.length > 40 && <p className="text-sm">And {traps.length - 40} more of the same kinds.</p>}
    </div>
  );
}

function Notices({ notices }: { notices: readonly string[] }) {
  if (notices.length === 0) return null;
  return (
    <ul className="grid list-disc gap-1 pl-5 text-sm text-ink-2">
      {notices.map((notice, index) => (
        <li key={index} className="wrap-anywhere">
          {notice}
        </li>
      ))}
    </ul>
  );
}

function Figures({ report }: { report: DraftImportView["report"] }) {
  const { figures, figureCount } = report;
  return (
    <details>
      <summary className="min-h-6">
        {figureCount === 1 ? "One stated figure" : `${figureCount} stated figures`}, not shown to buyers
      </summary>
      <div className="overflow-x-auto pt-2" tabIndex={0} role="region" aria-label="Stated figures">
        <table className="w-full min-w-150 text-left text-sm">
          <thead className="text-ink-3">
            <tr>
              <th className="py-1 pr-4 font-normal">Figure</th>
              <th className="py-1 pr-4 font-normal">On</th>
              <th className="py-1 pr-4 text-right font-normal">As stated</th>
              <th className="py-1 pr-4 text-right font-normal">Rows</th>
              <th className="py-1 font-normal">Wilson 95 %, counted here</th>
            </tr>
          </thead>
          <tbody>
            {figures.map(({ name, metric, slice, dataSet, stated, n, wilson }, index) => (
              <tr key={index} className="border-t border-line align-top tabular-nums">
                <td className="max-w-60 py-1.5 pr-4 break-words">
                  {[...new Set([name, metric, slice].filter(Boolean))].join(", ")}
                </td>
                <td className="max-w-60 py-1.5 pr-4 break-words text-ink-2">{dataSet || "not stated"}</td>
                <td className="py-1.5 pr-4 text-right">{stated}</td>
                <td className="py-1.5 pr-4 text-right">{n?.toLocaleString("en") ?? "not stated"}</td>
                <td className="py-1.5 text-ink-2">
                  {wilson ? `${wilson.lower.toFixed(3)} to ${wilson.upper.toFixed(3)}` : "no count follows"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="flex flex-wrap gap-x-3 pt-2 text-sm text-ink-3">
        <GradeMark grade="claimed" />
        {figureCount > figures.length &&
          `The first ${figures.length} of ${figureCount}; the file keeps the rest.`}
      </p>
    </details>
  );
}

function RunFacts({ facts }: { facts: DraftImportView["report"]["facts"] }) {
  return (
    <details>
      <summary className="min-h-6">What it says of the model and the run</summary>
      <dl className="grid grid-cols-1 gap-x-4 gap-y-1 pt-2 text-sm sm:grid-cols-[minmax(8rem,14rem)_minmax(0,1fr)]">
        {facts.map(({ name, value }, index) => (
          <div key={index} className="contents">
            <dt className="wrap-anywhere text-ink-3">{name}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
