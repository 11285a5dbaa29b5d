import { Digest } from "@/components/ui/digest";
import type { ShownContract } from "@/lib/inference/queries/contract-shown";
import { ContractFacts } from "./contract-facts";

/** The contract of a version in words, and what is delivered with its files to run them elsewhere. */
export function HowItRuns({ contract: { sha256, facts, delivered } }: { contract: ShownContract }) {
  return (
    <div className="grid gap-3">
      <ContractFacts facts={facts} />
      <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
        <span className="text-ink-3">
          The contract: <Digest hex={sha256} />
        </span>
        {delivered.map((name) => (
          <a key={name} href={`/api/v1/contracts/${sha256}/${name}`} className="link">
            {name}
          </a>
        ))}
      </p>
    </div>
  );
}
