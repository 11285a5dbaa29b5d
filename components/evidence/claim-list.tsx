import type { OwnClaimView } from "@/lib/evidence/queries/own-claims";
import { SentenceText } from "./sentence";

/** Claims in plain sentences, each with what it does not show. */
export function ClaimList({ claims }: { claims: readonly OwnClaimView[] }) {
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface px-5">
      {claims.map(({ id, title, headline, facts, doesNotShow }) => (
        <li key={id} className="grid gap-1 py-3.5">
          <p className="text-sm text-ink-3">{title}</p>
          <p className="max-w-[68ch] text-pretty break-words">
            <SentenceText sentence={headline} />
          </p>
          {facts.map((fact, index) => (
            <p key={index} className="max-w-[68ch] text-sm break-words text-ink-2">
              <SentenceText sentence={fact} />
            </p>
          ))}
          <p className="max-w-[68ch] text-sm text-ink-3">It does not show {doesNotShow.join("; ")}.</p>
        </li>
      ))}
    </ul>
  );
}
