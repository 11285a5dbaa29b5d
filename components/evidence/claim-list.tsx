import type { OwnClaimView } from "@/lib/evidence/queries/own-claims";
import { SentenceText } from "./sentence";

/** Claims in plain sentences, kind by kind, each kind with what its claims do not show. */
export function ClaimList({ claims }: { claims: readonly OwnClaimView[] }) {
  const titles = [...new Set(claims.map(({ title }) => title))];
  return (
    <div className="divide-y divide-line rounded-lg border border-line bg-surface px-5">
      {titles.map((title) => {
        const same = claims.filter((claim) => claim.title === title);
        return (
          <section key={title} className="grid gap-2.5 py-4" aria-label={title}>
            <div>
              <h3>{title}</h3>
              <p className="max-w-[68ch] text-sm text-ink-3">
                {same.length === 1 ? "It does not show" : "These do not show"}{" "}
                {same[0]?.doesNotShow.join("; ")}.
              </p>
            </div>
            <ul className="grid gap-3">
              {same.map((claim) => (
                <Claim key={claim.id} claim={claim} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Claim({ claim: { headline, facts } }: { claim: OwnClaimView }) {
  return (
    <li className="grid gap-0.5">
      <p className="max-w-[68ch] text-pretty break-words">
        <SentenceText sentence={headline} />
      </p>
      {facts.map((fact, index) => (
        <p key={index} className="max-w-[68ch] text-sm break-words text-ink-2">
          <SentenceText sentence={fact} />
        </p>
      ))}
    </li>
  );
}
