export const partNames = [
  "weights",
  "adapter",
  "training_data",
  "evaluation_records",
  "attribution_rights",
  "hosted_access",
] as const;
export type PartName = (typeof partNames)[number];

export const partLabels: Record<PartName, string> = {
  weights: "Weights",
  adapter: "Adapter",
  training_data: "Training data",
  evaluation_records: "Evaluation records",
  attribution_rights: "Attribution rights",
  hosted_access: "Hosted access",
};

export const pricingNames = ["one_off", "per_1000_calls", "free"] as const;
export type PricingName = (typeof pricingNames)[number];

/** Per-call prices exist only for hosted access. */
export function allowsPricing(part: PartName, pricing: PricingName): boolean {
  return pricing !== "per_1000_calls" || part === "hosted_access";
}

/** "12 months", "perpetual". */
export function termText(termMonths: number | null): string {
  if (termMonths === null) return "perpetual";
  return termMonths === 1 ? "1 month" : `${termMonths} months`;
}
