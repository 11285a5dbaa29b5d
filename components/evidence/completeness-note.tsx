import { CommandLine } from "@/components/ui/command-line";
import { TextLink } from "@/components/ui/text-link";
import { completenessText } from "@/lib/statements/completeness-text";

type Counts = { total: number; adverse: number; withdrawn: number };

/** The count of everything said about a listing's files, with the way to the whole list. */
export function CompletenessNote({ counts, href }: { counts: Counts; href: string }) {
  return (
    <p className="pb-3 text-ink-2">
      <TextLink href={href}>{completenessText(counts)}</TextLink>. Nothing is left out: who reads{" "}
      <a href="/log">the log</a> counts the same.
    </p>
  );
}

type Props = { modelDigest: string; origin: string; logSize: string };

/** How anybody finds the same number without this site's word. */
export function HowToRecount({ modelDigest, origin, logSize }: Props) {
  return (
    <details className="rounded-lg border border-line bg-surface px-5 py-3">
      <summary className="min-h-6">Count them yourself</summary>
      <div className="grid max-w-[68ch] gap-3 pt-2 text-ink-2">
        <p>
          This list comes from an index of ours, and an index can leave things out. The log cannot: its
          checkpoint fixes all {logSize} entries. A monitor downloads every entry, checks every tile against
          the signed checkpoint, and reports each statement about these files:
        </p>
        <CommandLine>
          npm run -s offcut -- monitor {origin}/log/1 --model {modelDigest}
        </CommandLine>
        <p>
          The rule it counts by: a statement is about these files when their digest is among its subjects, or
          when it answers or withdraws one of which that is true. It is adverse when it says so itself: a run
          that shows no niche, a rejected contribution, an opened dispute, a ruling for the buyer. It is
          withdrawn when its own signer took it back, and it stays in the list.
        </p>
        <p>
          The same list as data:{" "}
          <a href={`/api/v1/models/${modelDigest}/statements`}>/api/v1/models/…/statements</a>
        </p>
      </div>
    </details>
  );
}
