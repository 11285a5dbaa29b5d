import { figureText, intervalTexts, originText } from "@/lib/catalogue/cost-text";
import { type ListedLimitation, limitationTypes } from "@/lib/catalogue/limitation";
import { NOT_MEASURED, measuresText } from "@/lib/catalogue/limitation-link";
import type { PartName, PricingName } from "@/lib/catalogue/part";
import type { Rights } from "@/lib/catalogue/rights";
import type { EvaluationSummary, SliceSummary } from "@/lib/measurement/evaluation";
import type { ManifestFile } from "@/lib/catalogue/model-manifest";
import type { Tally } from "@/lib/measurement/tally";

/** How claims refer to the model they are about. */
export const MODEL_REFERENCE = "model";

/** One signed evaluation, adverse or not: all of a version's belong in its passport. */
export type PassportEvaluation = {
  id: string;
  /** The grade in words, which of the weakest say why. */
  gradeText: string;
  evaluator: { name: string; role: "platform" | "seller" | "third_party" };
  dataSetName: string;
  rowsSha256: string;
  finishedAt: Date;
  isStale: boolean;
  summary: Pick<EvaluationSummary, "level" | "overall"> & {
    slices: readonly (Tally &
      Pick<SliceSummary, "id" | "name" | "sellerName" | "condition" | "verdict" | "discovered">)[];
  };
  /** The DSSE envelope, byte for byte, and where it is served. */
  envelope: { sha256: string; body: string; url: string | null } | null;
  /** The seller's answer, which stands beside the evidence. */
  answer: { text: string; at: Date } | null;
};

/** Something said against the model that is no evaluation of this version: a ruling, a rejected contribution. */
export type PassportObjection = {
  id: string;
  text: string;
  author: string;
  at: Date;
  /** The DSSE envelope, byte for byte, and where it is served. */
  envelope: { sha256: string; body: string; url: string } | null;
};

export type PassportInput = {
  /** A UUID of this document, lowercase; a new one whenever it is issued anew. */
  id: string;
  issuedAt: Date;
  issuer: { name: string; url: string };
  seller: { name: string; url: string | null };
  listing: {
    url: string;
    title: string;
    summary: string;
    task: string | null;
    domain: string | null;
    languages: readonly string[];
    licence: string | null;
    rights: Rights;
    baseModels: readonly string[];
    parts: readonly {
      part: PartName;
      pricing: PricingName;
      priceMinor: bigint;
      currency: string;
      termMonths: number | null;
    }[];
  };
  /** `modelDigest` is null for a model behind an endpoint, whose files nobody has seen. */
  version: { number: number; modelDigest: string | null; files: readonly ManifestFile[] };
  evaluations: readonly PassportEvaluation[];
  limitations: readonly ListedLimitation[];
  dataOrigins: readonly {
    name: string;
    source: string;
    licence: string;
    url: string | null;
    use: "training" | "evaluation";
    rowCount: number | null;
  }[];
  contributors: readonly { name: string; contribution: string; isConfirmed: boolean }[];
  objections: readonly PassportObjection[];
};

/** "HTML input: Falls short on … Severity: severe. Right answers in the slice “HTML mail”: 66.0 % (…), …" */
export function limitationText({ type, severity, condition, measures, figure }: ListedLimitation): string {
  const { label, meaning } = limitationTypes[type];
  const words = condition === "" ? "" : ` In the seller’s words: ${condition}`;
  return `${label}: ${meaning} Severity: ${severity}. ${measuredText(measures, figure)}${words}`;
}

function measuredText(measures: ListedLimitation["measures"], figure: ListedLimitation["figure"]): string {
  if (!measures) return NOT_MEASURED;
  const what = measuresText(measures);
  if (!figure) return `${what}. ${NOT_MEASURED}`;
  const { grade, dataSetName, measuredAt: at, intervalMethod } = figure;
  return `${what}: ${figureText(figure)}, ${intervalTexts[intervalMethod]}. ${originText({ grade, at, dataSetName })}.`;
}
