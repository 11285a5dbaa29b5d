import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/notice";
import { Moment } from "@/components/ui/moment";
import { TextLink } from "@/components/ui/text-link";
import type { Cursor, ReportedView, ReportQueueView, SubjectView } from "@/lib/disputes/queries/reports";
import { reportReasons } from "@/lib/disputes/report";

/** What is reported, once each, the longest waiting first. */
export function ReportQueue({
  queue,
  isFirstPage,
  now,
}: {
  queue: ReportQueueView;
  isFirstPage: boolean;
  now: Date;
}) {
  const { subjects, subjectCount, reportCount, next } = queue;
  return (
    <section aria-labelledby="reports" className="grid gap-3">
      <h2 id="reports">
        Reports ({reportCount.toLocaleString("en")} about {subjectCount.toLocaleString("en")}{" "}
        {subjectCount === 1 ? "thing" : "things"})
      </h2>
      {subjects.length === 0 ? (
        <EmptyState title={isFirstPage ? "No open reports" : "No further reports"}>
          {isFirstPage ? "Everything reported so far has been decided." : "The list ends before this page."}
        </EmptyState>
      ) : (
        <ul className="grid gap-2">
          {subjects.map((subject) => (
            <ReportedItem key={subject.id} subject={subject} now={now} />
          ))}
        </ul>
      )}
      <Pages at="/moderation" anchor="#reports" isFirstPage={isFirstPage} next={next} />
    </section>
  );
}

function ReportedItem({ subject, now }: { subject: ReportedView; now: Date }) {
  return (
    <li className="rounded-lg border border-line bg-surface px-5 py-4">
      <p className="flex flex-wrap justify-between gap-x-6">
        <TextLink className="font-medium break-all" href={`/moderation/reported/${subject.id}`}>
          {subjectTitle(subject)}
        </TextLink>
        <span className="text-sm text-ink-3">
          <ReportSpan subject={subject} now={now} />
        </span>
      </p>
      <ReasonCounts subject={subject} />
      {subject.newest.map((report) => (
        <p key={report.id} className="line-clamp-2 text-sm break-words text-ink-2">
          {report.body}
        </p>
      ))}
    </li>
  );
}

/** How many there are and since when. */
export function ReportSpan({ subject, now }: { subject: ReportedView; now: Date }) {
  if (subject.openCount === 1) return <Moment at={subject.firstOpenAt} now={now} />;
  return (
    <>
      {subject.openCount.toLocaleString("en")} reports, first <Moment at={subject.firstOpenAt} now={now} />,
      last <Moment at={subject.lastOpenAt} now={now} />
    </>
  );
}

export function ReasonCounts({ subject }: { subject: ReportedView }) {
  const text = ({ reason, count }: ReportedView["reasons"][number]) =>
    count === 1 ? reportReasons[reason] : `${reportReasons[reason]} (${count.toLocaleString("en")})`;
  return <p className="text-sm text-ochre">{subject.reasons.map(text).join(" · ")}</p>;
}

export function subjectTitle({ listing, account, kind, name }: SubjectView): string {
  return listing?.title ?? account?.displayName ?? (kind === "page" ? name : `${kind} ${name}`);
}

type PagesProps = { at: string; name?: string; anchor?: string; isFirstPage: boolean; next: Cursor | null };

/** The ways to the first and the next page of a list; `name` is the field of the address that says which. */
export function Pages({ at, name = "after", anchor = "", isFirstPage, next }: PagesProps) {
  if (isFirstPage && !next) return null;
  return (
    <p className="flex flex-wrap gap-3">
      {!isFirstPage && <ButtonLink href={`${at}${anchor}`}>First page</ButtonLink>}
      {next && (
        <ButtonLink href={`${at}?${name}=${next.at.getTime()}_${next.id}${anchor}`}>Next page</ButtonLink>
      )}
    </p>
  );
}
