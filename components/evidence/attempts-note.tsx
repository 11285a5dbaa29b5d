import { TextLink } from "@/components/ui/text-link";
import { type AttemptCounts, attemptsText } from "@/lib/statements/run-attempts";

/** How often somebody had the files measured here, published or not, and the way to do so. */
export function AttemptsNote({ counts, href }: { counts: AttemptCounts; href: string | null }) {
  if (counts.begun === 0 && href === null) return null;
  return (
    <p className="pb-3 text-ink-2">
      {counts.begun > 0 && <>Runs that somebody asked for here: {attemptsText(counts)}. </>}
      {href !== null && <TextLink href={href}>Have it measured here</TextLink>}
    </p>
  );
}
