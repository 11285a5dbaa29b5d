import { Moment } from "@/components/ui/moment";
import { TextLink } from "@/components/ui/text-link";
import type { SanctionView } from "@/lib/disputes/queries/disputes";
import { sanctionLabels } from "@/lib/disputes/sanction";

const appealTexts = {
  open: "your appeal is being looked at",
  granted: "your appeal was granted",
  refused: "your appeal was refused",
} as const;

/** What moderators decided about an account and its listings, each leading to the reason and the appeal. */
export function OwnDecisions({ sanctions, now }: { sanctions: readonly SanctionView[]; now: Date }) {
  if (sanctions.length === 0)
    return <p className="text-ink-3">None. A decision would stand here with its reason.</p>;
  return (
    <ul>
      {sanctions.map((sanction) => (
        <li
          key={sanction.id}
          className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-line py-3 first:border-t-0"
        >
          <div className="min-w-0 flex-1 basis-56">
            <p className="font-medium">{sanction.subjectName}</p>
            <p className="text-sm text-ink-2">
              {sanctionLabels[sanction.kind]}, <Moment at={sanction.createdAt} now={now} />
              {sanction.liftedAt && (
                <>
                  ; lifted <Moment at={sanction.liftedAt} now={now} />
                </>
              )}
              {sanction.appeal && `; ${appealTexts[sanction.appeal.state]}`}
            </p>
          </div>
          <TextLink href={`/appeals/${sanction.id}`}>
            {sanction.liftedAt || sanction.appeal ? "Read the reason" : "Reason and appeal"}
            <span className="sr-only"> for {sanction.subjectName}</span>
          </TextLink>
        </li>
      ))}
    </ul>
  );
}
