import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { HowToRecount } from "@/components/evidence/completeness-note";
import { StandingMarks } from "@/components/evidence/standing-marks";
import { StatementCard } from "@/components/evidence/statement-card";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { TextLink } from "@/components/ui/text-link";
import { currentActor } from "@/lib/accounts/session/session";
import { findListing } from "@/lib/catalogue/queries/find-listing";
import { completenessText } from "@/lib/statements/completeness-text";
import { type StatementsAbout, listStatementsAbout } from "@/lib/evidence/queries/statements-about";
import { currentTime } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";

type Props = PageProps<"/listings/[slug]/statements">;

const PER_PAGE = 10;

export const metadata: Metadata = { title: "All statements about these files" };

export default async function StatementsPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const listing = await findListing(await currentActor(), slug);
  if (!listing || listing.kind === "taken_down") notFound();
  const { modelDigest } = listing.version;
  const [about, now] = await Promise.all([
    modelDigest === null ? null : listStatementsAbout(modelDigest),
    currentTime(),
  ]);
  const eyebrow = (
    <>
      Evidence about <a href={`/listings/${slug}`}>{listing.title}</a>
    </>
  );
  if (!about || about.total === 0)
    return (
      <Page width="medium" eyebrow={eyebrow} title="All statements about these files">
        <EmptyState title={modelDigest === null ? "There are no files" : "Nothing is logged yet"}>
          {modelDigest === null
            ? "This listing offers no files that a statement could name by their digest."
            : "No published checkpoint of the log covers a statement about these files."}
        </EmptyState>
      </Page>
    );
  const from = pageStart((await searchParams).from, about.total);
  return (
    <Page
      width="medium"
      eyebrow={eyebrow}
      title={completenessText(about)}
      lead="In the order in which the log has them. Adverse statements are marked and never removed; what was withdrawn or answered stays, with what came after it."
    >
      <div className="grid gap-4">
        {about.statements.slice(from, from + PER_PAGE).map((counted) => (
          <Counted key={counted.entry.leafHash} counted={counted} about={about} slug={slug} now={now} />
        ))}
        <Pages slug={slug} from={from} total={about.total} />
        <HowToRecount
          modelDigest={about.modelDigest}
          origin={new URL(env().APP_ORIGIN).origin}
          logSize={about.logSize.toLocaleString("en")}
        />
      </div>
    </Page>
  );
}

type CountedProps = {
  counted: StatementsAbout["statements"][number];
  about: StatementsAbout;
  slug: string;
  now: Date;
};

function Counted({ counted, about, slug, now }: CountedProps) {
  const { entry, adverse, withdrawnBy, answeredBy } = counted;
  const hrefOf = (envelope: string) => {
    const at = about.statements.findIndex((other) => other.envelope === envelope);
    const from = at - (at % PER_PAGE);
    return `/listings/${slug}/statements${from > 0 ? `?from=${from}` : ""}#statement-${envelope}`;
  };
  if (!entry.statement) return null;
  return (
    <StatementCard
      statement={entry.statement}
      now={now}
      modelDigest={entry.statement.subjects.includes(about.modelDigest) ? about.modelDigest : null}
      marks={
        <StandingMarks
          adverse={adverse}
          withdrawnHref={withdrawnBy && hrefOf(withdrawnBy)}
          answerHrefs={answeredBy.map(hrefOf)}
        />
      }
    />
  );
}

function Pages({ slug, from, total }: { slug: string; from: number; total: number }) {
  if (total <= PER_PAGE) return null;
  const hrefAt = (start: number) => `/listings/${slug}/statements?from=${start}`;
  return (
    <nav aria-label="Pages" className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      <span className="text-ink-3">
        {from + 1} to {Math.min(from + PER_PAGE, total)} of {total}
      </span>
      {from > 0 && <TextLink href={hrefAt(Math.max(from - PER_PAGE, 0))}>Earlier</TextLink>}
      {from + PER_PAGE < total && <TextLink href={hrefAt(from + PER_PAGE)}>Later</TextLink>}
    </nav>
  );
}

/** A start within the list, in whole pages; the first for anything else. */
function pageStart(value: string | string[] | undefined, total: number): number {
  const start = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : 0;
  return start < total ? start - (start % PER_PAGE) : 0;
}
