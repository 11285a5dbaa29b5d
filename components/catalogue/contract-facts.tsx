import type { ContractFact } from "@/lib/inference/contract-facts";

/** A run contract in words. */
export function ContractFacts({ facts }: { facts: readonly ContractFact[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[10rem_minmax(0,1fr)]">
      {facts.map(({ name, words }) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="pb-1 break-words whitespace-pre-wrap">{words}</dd>
        </div>
      ))}
    </dl>
  );
}
