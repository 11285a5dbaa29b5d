import type { RunProgress } from "@/lib/selling/queries/runs";

const phaseWords: Record<RunProgress["phase"], string> = {
  queued: "Waits for a free worker",
  preparing: "Reads the rows, and states in the log that the run begins",
  running: "Runs",
  counting: "Counts",
  done: "Counted",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** How far a run is: phase, rows, pace and the last lines of its log. */
export function RunStanding({ progress }: { progress: RunProgress }) {
  const { phase, rowsDone, rowsTotal, percent, rowsPerSecond, isStopping, notes } = progress;
  return (
    <section className="grid gap-3" aria-label="How far it is">
      <p role="status">
        <b>{isStopping ? "Stops within its next rows" : phaseWords[phase]}</b>
        {rowsTotal !== null && (
          <span className="text-ink-2 tabular-nums">
            : {rowsDone.toLocaleString("en")} of {rowsTotal.toLocaleString("en")} rows, {percent} %
            {rowsPerSecond !== null && `, ${rowsPerSecond.toLocaleString("en")} rows a second`}
          </span>
        )}
      </p>
      <progress
        aria-label="Rows that are answered"
        value={percent}
        max={100}
        className="h-2 w-full accent-[var(--verdigris-fill)]"
      />
      <details open={phase === "failed"}>
        <summary className="min-h-6">Its log</summary>
        <ol className="grid gap-1 pt-2 text-sm" aria-label="The last lines of its log, the newest first">
          {notes.map(({ at, text }) => (
            <li key={`${at} ${text}`} className="grid gap-x-3 sm:grid-cols-[auto_1fr]">
              <time dateTime={at} className="text-ink-3 tabular-nums">
                {at.slice(0, 19).replace("T", " ")} UTC
              </time>
              <span className="min-w-0 break-words">{text}</span>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}
