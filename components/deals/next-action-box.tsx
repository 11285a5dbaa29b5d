import type { ReactNode } from "react";
import { Moment, exactTime } from "@/components/ui/moment";
import type { NextAction } from "@/lib/deals/next-action";

type Props = { next: NextAction; now: Date; children?: ReactNode };

function whoseTurn({ kind, isYours }: NextAction): string {
  if (isYours) return "Your turn";
  return kind === "settled" || kind === "ended" ? "Closed" : "Waiting";
}

/** The one thing to do, by when, and what happens otherwise; or whom the deal waits for. */
export function NextActionBox({ next, now, children }: Props) {
  return (
    <section
      aria-labelledby="next"
      className={`rounded-lg bg-surface px-5 py-5 sm:px-6 ${next.isYours ? "border-2 border-ink" : "border border-line-strong"}`}
    >
      <p className="text-sm text-ink-2">
        {whoseTurn(next)}
        {next.since && ` · since ${exactTime(next.since)}`}
        {next.by && (
          <>
            {" · by "}
            {exactTime(next.by)} (<Moment at={next.by} now={now} />)
          </>
        )}
        {next.otherwise && `; ${next.otherwise}`}
      </p>
      <h2 id="next" className="pt-1 text-xl">
        {next.title}
      </h2>
      <p className="max-w-[62ch] pt-1 text-ink-2">{next.text}</p>
      {children}
    </section>
  );
}
