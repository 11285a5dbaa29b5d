import type { LimitationType, SeverityName } from "@/lib/catalogue/limitation";
import type { LimitLink, Measures } from "@/lib/catalogue/limitation-link";
import type { DeclaredLevel, Domain, Task } from "@/lib/catalogue/niche";
import type { PartName, PricingName } from "@/lib/catalogue/part";
import type { RightChoice } from "@/lib/catalogue/rights";

/** What a model answered: its strongest class and how sure it was (0 to 1). */
export type DemoPrediction = { prediction: string; confidence: number };

/**
 * A slice is checkable without the label: `onInput` sees the flags kept with a row,
 * `onOutput` the model's own answer; a row belongs when both hold.
 * All were chosen on the discovery rows and are reported on the attestation rows.
 */
export type DemoSlice = {
  id: string;
  /** Plain words, as on the envelope strip. */
  name: string;
  /** The exact condition in plain words. */
  condition: string;
  onInput?: (flags: ReadonlySet<string>) => boolean;
  onOutput?: (answer: DemoPrediction) => boolean;
};

/** `shownBy` is what its figure counts; without it the limitation reads "stated by the seller, not measured". */
export type DemoLimitation = {
  type: LimitationType;
  severity: SeverityName;
  note: string;
  shownBy: LimitLink | null;
};

export type DemoDataOrigin = {
  name: string;
  source: string;
  /** SPDX id where there is one, else the words of the source. */
  licence: string;
  url?: string;
  use: "training" | "evaluation";
  rows: number;
};

export type DemoContributor = { name: string; role: string; shareBasisPoints: number };

export type DemoPart = {
  part: PartName;
  priceMinor: number;
  pricing: PricingName;
  /** Null: perpetual. */
  termMonths: number | null;
};

export type DemoRights = {
  useCommercially: RightChoice;
  modify: RightChoice;
  redistribute: RightChoice;
  sublicense: RightChoice;
  fieldOfUse?: string;
};

export type DemoEvent = {
  kind: "data_collected" | "trained" | "evaluated" | "published";
  /** ISO dates; a span when `to` is given. Periods nobody reported stay gaps. */
  from: string;
  to?: string;
  text: string;
  originator: string;
};

export type DemoModel = {
  slug: string;
  title: string;
  /** Second person: why it failed and where it works. */
  oneLine: string;
  task: Task;
  domain: Domain;
  /** BCP-47; "zxx" where there is no language. */
  languages: readonly string[];
  declaredLevel: DeclaredLevel;
  classes: readonly string[];
  /** An ONNX file of the model's folder, or a package among the dependencies. */
  runtime: "onnx" | "cld3";
  slices: readonly DemoSlice[];
  limitations: readonly DemoLimitation[];
  dataOrigins: readonly DemoDataOrigin[];
  contributors: readonly DemoContributor[];
  parts: readonly DemoPart[];
  rights: DemoRights;
  timeline: readonly DemoEvent[];
  /** SPDX id of the weights' licence. */
  licence: string;
  /** Whether the files may be handed on without a deal. */
  mayRedistributeFiles: boolean;
};

/** A link with the name of its slice, as a listing states it. Throws a RangeError for a slice that the model has not. */
export function measuresOf({ slug, slices }: DemoModel, link: LimitLink | null): Measures | null {
  if (!link || !("slice" in link)) return link;
  const slice = slices.find(({ id }) => id === link.slice);
  if (!slice) throw new RangeError(`${slug} has no slice "${link.slice}".`);
  return { ...link, name: slice.name };
}

/** An answer of this class, at this confidence or above. */
export function says(prediction: string, minConfidence = 0): (answer: DemoPrediction) => boolean {
  return (answer) => answer.prediction === prediction && answer.confidence >= minConfidence;
}

/** Any answer at this confidence or above. */
export function isSure(minConfidence: number): (answer: DemoPrediction) => boolean {
  return (answer) => answer.confidence >= minConfidence;
}
