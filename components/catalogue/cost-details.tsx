import { Facts } from "@/components/ui/panel";
import { costTexts, formatCount, formatShare } from "@/lib/catalogue/cost-text";
import type { Cost, CostShare, KnownCost } from "@/lib/measurement/cost";
import type { ReadVolume } from "@/lib/measurement/volume";
import { VolumeFields } from "./volume-fields";

/** Where a reader changes the volume: the address of the page, and its other parameters. */
export type VolumeForm = { action: string; kept: readonly (readonly [name: string, value: string])[] };

type Props = { cost: Cost; currency: string; volume: ReadVolume; form: VolumeForm };

/** The parts of a cost with what each rests on, and the reader's own volume. Nothing where there is no cost. */
export function CostDetails({ cost, currency, volume, form }: Props) {
  if (cost.state === "unknown") return null;
  const { calls, months } = volume.errors;
  return (
    <details className="pt-2 text-sm" open={volume.isOwn || calls !== undefined || months !== undefined}>
      <summary className="min-h-6 text-ink-2">{summaryText(cost)}</summary>
      <div className="grid gap-3 pt-2">
        <CostParts cost={cost} currency={currency} />
        {cost.volume && <Volume volume={volume} form={form} />}
      </div>
    </details>
  );
}

function summaryText({ volume }: KnownCost): string {
  return volume
    ? `At ${formatCount(volume.callsPerMonth)} calls a month for ${monthsText(volume.months)}`
    : "What it is made of";
}

function CostParts({ cost, currency }: { cost: KnownCost; currency: string }) {
  const amount = (value: bigint) => costTexts({ value, lower: value, upper: value }, currency).value;
  const { computePerThousandCallsMilli: compute, right, used } = cost;
  const rows = [
    { label: "Price, 1,000 calls", value: amount(cost.pricePerThousandCallsMilli) },
    {
      label: "Compute, 1,000 calls",
      value: compute === null ? "in the price" : `${amount(compute)}, as measured`,
    },
    { label: "Right in its slices", value: <Share share={right} /> },
    { label: "Calls that are used", value: used ? <Share share={used} /> : "all that are paid" },
  ];
  return (
    <div>
      <Facts rows={rows} />
      <p className="pt-2 text-ink-3">
        {used
          ? "A slice is known only by the answer, so every call is paid, also those outside."
          : "Its slices are known before the call, so calls outside are not made."}{" "}
        Shares count at the lower end of their Wilson 95 % interval. The slices were judged on these same
        rows, which flatters the figure.
      </p>
    </div>
  );
}

function Share({ share: { k, n, lower } }: { share: CostShare }) {
  return (
    <>
      at least {formatShare(lower)}{" "}
      <span className="whitespace-nowrap text-ink-3">
        ({formatCount(k)} of {formatCount(n)})
      </span>
    </>
  );
}

function Volume({ volume, form }: Pick<Props, "volume" | "form">) {
  return (
    <form action={form.action} className="grid gap-2" aria-label="Your own volume">
      {form.kept.map(([name, value]) => (
        <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
      ))}
      <VolumeFields {...volume} />
      <div>
        <button className="min-h-10 rounded-md border border-edge bg-surface px-3">Work it out</button>
      </div>
    </form>
  );
}

function monthsText(months: number): string {
  return months === 1 ? "1 month" : `${formatCount(months)} months`;
}
