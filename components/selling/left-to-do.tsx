import { TextLink } from "@/components/ui/text-link";
import type { DraftProblem } from "@/lib/selling/draft-check";

const anchors: Record<string, string> = { card: "cardText" };

/** What publishing still needs, each a link to its field. */
export function LeftToDo({ problems, base = "" }: { problems: readonly DraftProblem[]; base?: string }) {
  if (problems.length === 0) {
    return (
      <p className="text-sm text-verdigris">
        Everything needed is there. Whatever is left empty reads “not stated”.
      </p>
    );
  }
  return (
    <ul className="grid gap-1 text-sm">
      {problems.map(({ field, message, isMissing }) => (
        <li key={`${field} ${message}`} className="flex gap-2">
          <span aria-hidden="true" className={isMissing ? "text-ink-3" : "text-ochre"}>
            {isMissing ? "○" : "!"}
          </span>
          <TextLink href={`${base}#${anchors[field] ?? field}`}>{message}</TextLink>
        </li>
      ))}
    </ul>
  );
}
