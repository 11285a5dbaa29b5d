import { Digest } from "@/components/ui/digest";
import { sizeText } from "@/lib/shared/size-text";
import type { ContractFile } from "@/lib/terms/contract";
import type { Clause } from "@/lib/terms/clauses";

/** The terms as clauses in plain words, and the files they name. */
export function Terms({ clauses, files }: { clauses: readonly Clause[]; files: readonly ContractFile[] }) {
  return (
    <div className="grid gap-4">
      <dl className="grid gap-x-8 gap-y-1 sm:gap-y-3 sm:grid-cols-[11rem_minmax(0,1fr)]">
        {clauses.map(({ heading, text }) => (
          <div key={heading} className="contents">
            <dt className="pt-2 font-medium sm:pt-0">{heading}</dt>
            <dd className="max-w-[66ch] text-ink-2">{text}</dd>
          </div>
        ))}
      </dl>
      {files.length > 0 && (
        <ul className="border-t border-line pt-3 text-sm">
          {files.map((file) => (
            <li key={file.path} className="flex flex-wrap items-baseline gap-x-4 py-1">
              <span className="min-w-0 flex-1 basis-40 break-all">{file.path}</span>
              <span className="text-ink-3 tabular-nums">{sizeText(file.sizeBytes)}</span>
              <Digest hex={file.sha256} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
