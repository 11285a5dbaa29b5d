import type { ReactNode } from "react";
import type { NotMapped } from "@/lib/shared/cursor";

type Props = {
  entries: readonly NotMapped[];
  summary: ReactNode;
  /** What it stood in: "the card", "the file". */
  source: string;
};

/** What a file said that found no place, with the reason for each. */
export function NotMappedList({ entries, summary, source }: Props) {
  return (
    <details className="rounded-md border border-line bg-sunken px-4 py-3">
      <summary className="min-h-6">{summary}</summary>
      <div className="overflow-x-auto pt-2" tabIndex={0} role="region" aria-label={`Not used of ${source}`}>
        <table className="w-full min-w-120 text-left text-sm">
          <thead className="text-ink-3">
            <tr>
              <th className="py-1 pr-4 font-normal">In {source}</th>
              <th className="py-1 pr-4 font-normal">Says</th>
              <th className="py-1 font-normal">Why it was not used</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ path, value, reason }, index) => (
              <tr key={index} className="border-t border-line align-top">
                <td className="max-w-60 py-1.5 pr-4 font-mono break-words">{path}</td>
                <td className="max-w-80 py-1.5 pr-4 break-words">{value}</td>
                <td className="py-1.5 text-ink-2">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
