type Props = {
  value: number;
  lower: number;
  upper: number;
  /** The level that should be reached, drawn as a dashed line. */
  level?: number;
  /** The base rate, drawn as a tick. */
  baseRate?: number;
  tone: "works" | "breaks" | "unknown";
};

const tones = {
  works: { bar: "bg-verdigris-fill", dot: "border-verdigris-fill" },
  breaks: { bar: "bg-ochre", dot: "border-ochre" },
  unknown: { bar: "bg-ink-3", dot: "border-ink-3" },
} as const;

const percent = (share: number) => `${(share * 100).toFixed(1)}%`;

/** A proportion and its Wilson 95 % interval on a line from 0 to 1. The numbers stand beside it as text. */
export function IntervalTrack({ value, lower, upper, level, baseRate, tone }: Props) {
  return (
    <div aria-hidden="true" className="relative my-1.5 h-4">
      <i className="absolute inset-x-0 top-[7.5px] h-px bg-line" />
      {baseRate !== undefined && (
        <i className="absolute top-[5px] h-1.5 w-px bg-ink-3" style={{ left: percent(baseRate) }} />
      )}
      {level !== undefined && (
        <i
          className="absolute top-0 h-4 border-l-[1.5px] border-dashed border-ink-3"
          style={{ left: percent(level) }}
        />
      )}
      <i
        className={`absolute top-1.5 h-1 rounded-sm ${tones[tone].bar}`}
        style={{ left: percent(lower), width: percent(upper - lower) }}
      />
      <i
        className={`absolute top-0.5 -ml-1.5 size-3 rounded-full border-[3px] bg-surface ${tones[tone].dot}`}
        style={{ left: percent(value) }}
      />
    </div>
  );
}
