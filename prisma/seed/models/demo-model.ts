import type { Condition } from "@/lib/catalogue/condition";
import type { LimitationType, SeverityName } from "@/lib/catalogue/limitation";
import type { LimitLink, Measures } from "@/lib/catalogue/limitation-link";
import type { DeclaredLevel, Domain, Task } from "@/lib/catalogue/niche";
import type { PartName, PricingName } from "@/lib/catalogue/part";
import type { RightChoice } from "@/lib/catalogue/rights";
import type { RunContract } from "@/lib/inference/run-contract";
import { conditionId, conditionWords } from "@/lib/measurement/condition";

/** A slice of the listing: chosen on the discovery rows and reported on the attestation rows. */
export type DemoSlice = {
  /** What its seller calls it. */
  name: string;
  condition: Condition;
};

/** `shownBy` is what its figure counts, a slice by what its seller calls it; without it the limitation reads "stated by the seller, not measured". */
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
  /** An ONNX file that describes itself, files as a toolkit wrote them, a package among the dependencies, or none: an endpoint. */
  runtime: "onnx" | "bundle" | "cld3" | "silero" | "endpoint";
  /** How the files of `bundle/` are run, as their seller confirmed it; the others say so themselves. */
  contract?: RunContract;
  /** Of an endpoint: the model that its seller's server answers with, and whose rows it is judged on. */
  served?: string;
  /** Flags kept with the rows, and the columns of conditions that they are, in plain words. */
  columns: Readonly<Record<string, string>>;
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

/**
 * What a limitation is measured by, as a listing states it: a slice that its seller calls so is named by its condition.
 * Throws a RangeError for a slice that the model has not.
 */
export function measuresOf({ slug, slices }: DemoModel, link: LimitLink | null): Measures | null {
  if (!link || !("slice" in link)) return link;
  const slice = slices.find(({ name }) => name === link.slice);
  if (!slice) throw new RangeError(`${slug} has no slice "${link.slice}".`);
  const { condition } = slice;
  return { quantity: link.quantity, slice: conditionId(condition), name: conditionWords(condition) };
}
