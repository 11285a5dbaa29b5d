import "server-only";
import type { ListedLimitation } from "@/lib/catalogue/limitation";
import type { PartName } from "@/lib/catalogue/part";
import type { ListingView } from "@/lib/catalogue/queries/find-listing";
import { type EnvelopeCell, type EvidenceGradeName, isStale } from "@/lib/catalogue/standing";
import { type Cost, unknownCost } from "@/lib/measurement/cost";
import type { Coverage, EvaluationSummary } from "@/lib/measurement/evaluation";
import type { CostVolume } from "@/lib/measurement/volume";
import { currentTime } from "@/lib/platform/clock";
import { db } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { pick } from "@/lib/shared/pick";
import { figureOf, judgementOf, listedCost } from "../evidence-standing";
import { listSignedEvaluations, signedEvaluationOf } from "../records/evaluations";

/** The run that a listing is judged by, drawn at one level. */
export type LeadingEvaluation = {
  id: string;
  level: number;
  grade: EvidenceGradeName;
  isStale: boolean;
  cells: EnvelopeCell[];
  /** The union of the filled slices; null when it cannot be redrawn without the rows. */
  coverage: Coverage | null;
  overall: EvaluationSummary["overall"];
  dataSetName: string;
  observedFrom: Date | null;
  observedTo: Date | null;
  finishedAt: Date;
};

/** Every figure of a listing that depends on its evidence, on a level and on a volume. */
export type ListingFigures = {
  /** Null when nobody signed a run of what is on offer. */
  leading: LeadingEvaluation | null;
  cost: Cost;
  limitations: ListedLimitation[];
};

type Asked = {
  /** A reader's own; null for the one that the listing declares. */
  level: number | null;
  volume: CostVolume;
  /** The part to cost; the leading one unless it is named. */
  part?: PartName;
};

/** What a minor unit of an hour of compute costs here. */
export function computeRate(): bigint {
  return BigInt(Math.ceil(env().COMPUTE_MINOR_PER_HOUR));
}

/**
 * The figures of a listing, by the function that also writes its standing: at its declared level and the default volume
 * they are those of every row, comparison and answer of the API. Public; the caller has made sure that the listing may
 * be seen.
 */
export async function findFigures(listing: ListingView, asked: Asked): Promise<ListingFigures> {
  const records = await listSignedEvaluations(db, listing.id, listing.version);
  const judgement = judgementOf(
    records.map(signedEvaluationOf),
    {
      level: asked.level ?? listing.declaredLevel,
      isEndpoint: listing.version.kind === "endpoint",
      parts: asked.part ? listing.parts.filter(({ part }) => part === asked.part) : listing.parts,
    },
    { rateMinorPerHour: computeRate(), volume: asked.volume },
  );
  const record = records.find(({ id }) => id === judgement?.leading.id);
  const limitations = listing.limitations.map((limitation) => ({
    ...limitation,
    figure: judgement && limitation.measures && figureOf(limitation.measures, judgement),
  }));
  if (!judgement || !record) return { leading: null, cost: unknownCost("no_evidence"), limitations };
  const { summary, cells, grade, cost } = judgement;
  return {
    leading: {
      ...pick(record, ["id", "dataSetName", "observedFrom", "observedTo", "finishedAt"]),
      ...pick(summary, ["level", "coverage", "overall"]),
      ...{ cells, grade, isStale: isStale(record.finishedAt, await currentTime()) },
    },
    cost,
    limitations,
  };
}

/** A listing with its cost at a volume; everything else of it stands as it is kept. */
export async function atVolume(listing: ListingView, volume: CostVolume): Promise<ListingView> {
  const { cost } = await findFigures(listing, { level: null, volume });
  return { ...listing, cost: listedCost(cost) };
}
