import { Moment } from "@/components/ui/moment";
import { TextLink } from "@/components/ui/text-link";
import type { LicenceState } from "@/lib/access/licence";
import type { LicenceView } from "@/lib/access/queries";
import { partLabels } from "@/lib/catalogue/part";

const states: Record<LicenceState, { text: string; tone: string }> = {
  active: { text: "Active", tone: "text-verdigris" },
  not_started: { text: "Not started", tone: "text-ink-3" },
  ended: { text: "Ended", tone: "text-ink-3" },
  revoked: { text: "Revoked", tone: "text-red" },
};

type Props = { id: string; title: string; licences: readonly LicenceView[]; now: Date };

/** Licences of one side, one block each: what it allows, until when, and where the files are. */
export function LicenceList({ id, title, licences, now }: Props) {
  if (licences.length === 0) return null;
  return (
    <section aria-labelledby={id} className="pb-8">
      <h2 id={id} className="pb-2">
        {title}
      </h2>
      <ul className="rounded-lg border border-line bg-surface">
        {licences.map((licence) => (
          <li
            key={licence.id}
            className="grid gap-x-6 gap-y-2 border-t border-line px-4 py-4 first:border-t-0 md:grid-cols-[minmax(0,1fr)_15rem] md:px-5"
          >
            <LicenceFacts licence={licence} />
            <div className="text-sm">
              <p className={`font-medium ${states[licence.state].tone}`}>{states[licence.state].text}</p>
              <p className="text-ink-2">
                {licence.state === "revoked" ? (
                  "may no longer be used"
                ) : licence.endsAt ? (
                  <>
                    {licence.state === "ended" ? "ended " : "ends "}
                    <Moment at={licence.endsAt} now={now} />
                  </>
                ) : (
                  "without end"
                )}
              </p>
              <p className="flex flex-wrap gap-x-4 pt-1">
                <TextLink href={`/deals/${licence.dealId}`}>
                  {licence.side === "licensee" && licence.state === "active" ? "Files and contract" : "Deal"}
                </TextLink>
                <TextLink href={`/licences/${licence.id}/odrl`}>ODRL</TextLink>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function LicenceFacts({ licence }: { licence: LicenceView }) {
  return (
    <div className="min-w-0">
      <p>
        <a className="link font-medium" href={`/listings/${licence.listing.slug}`}>
          {licence.listing.title}
        </a>
        , version {licence.versionNumber}
      </p>
      <p className="text-sm text-ink-2">
        {partLabels[licence.part]} · {licence.side === "licensee" ? "from" : "to"} {licence.otherName}
      </p>
      <p className="max-w-[66ch] pt-1 text-sm">{licence.rights}</p>
      {licence.revokedReason && <p className="pt-1 text-sm text-red">{licence.revokedReason}</p>}
    </div>
  );
}
