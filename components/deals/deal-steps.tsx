import type { Step } from "@/lib/deals/next-action";

const looks = {
  done: "border-verdigris-fill text-ink-2",
  now: "border-ink font-semibold text-ink",
  later: "border-line-strong text-ink-3",
} as const;

/** The bar above the deal room. Text, not colour alone, says where it stands. */
export function DealSteps({ steps }: { steps: readonly Step[] }) {
  return (
    <ol
      aria-label="Steps of this deal"
      className="grid grid-cols-3 gap-1.5 pt-4 sm:auto-cols-fr sm:grid-flow-col sm:grid-cols-none"
    >
      {steps.map(({ label, state }) => (
        <li
          key={label}
          aria-current={state === "now" ? "step" : undefined}
          className={`border-t-3 pt-2 text-sm ${looks[state]}`}
        >
          {label}
          {state === "done" && <span className="sr-only"> (done)</span>}
        </li>
      ))}
    </ol>
  );
}
