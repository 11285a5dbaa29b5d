import type { Recount, Stated } from "./recount.fixture";

/** What a served market says of one listing, and what its figures should be. */
export type Documents = {
  slug: string;
  detail: Detail;
  row: { envelope: Cell[] };
  runs: Run[];
  passport: Passport;
  /** Slices by the id of their evaluation. */
  csv: Map<string, string>;
  pages: { evaluations: Map<string, string>; listing: string; browse: string; compare: string };
};

export type Run = { statement: Signed; recount: Recount };
type Signed = Omit<Stated, "slices"> & {
  evaluator: { role: string };
  dataSet: { name: string; n: number; use: string; rows: { sha256: string } };
  overall: Record<string, unknown>;
  slices: (Stated["slices"][number] & Record<string, unknown>)[];
  clusters: { n: number } | null;
  runtime: { millisecondsPerThousand: string | null } | null;
  showsNiche: boolean;
  classes?: string[];
  results: {
    score_details: {
      score: string;
      uncertainty: { confidence_interval: Record<string, string>; num_samples: number };
    };
  }[];
};
type Cell = { slice: string } & Record<string, unknown>;
export type Link = { quantity: string; slice?: string; class?: string };
export type Detail = {
  judgedLevel: number;
  evaluatedRows: number;
  envelope: Cell[];
  costPer1kCorrect:
    { milliMinor: number; lowerMilliMinor: number; upperMilliMinor: number } | { unknown: string };
  price: { minor: number } | null;
  parts: { part: string; pricing: string; termMonths: number | null; price: { minor: number } }[];
  limitations: {
    type: string;
    measures: (Link & { name?: string }) | null;
    figure: ({ of: Link } & Record<string, unknown>) | null;
  }[];
};
type Passport = {
  modelCard: {
    quantitativeAnalysis: {
      performanceMetrics: {
        slice: string;
        value: string;
        confidenceInterval: { lowerBound: string; upperBound: string };
      }[];
    };
  };
};

/** The run that has this id: the passport says of each which data set it is on. */
export function runOf({ passport, runs, slug }: Documents, id: string): Run {
  const whole = passport.modelCard.quantitativeAnalysis.performanceMetrics.find(
    ({ slice }) => slice.startsWith("all rows") && slice.includes(`evaluation ${id}]`),
  );
  const found = runs.find(({ statement }) => whole?.slice.includes(`; ${statement.dataSet.name}; `));
  if (!found) throw new Error(`${slug} has no evaluation ${id}.`);
  return found;
}

export const evaluationIds = ({ modelCard }: Passport) => [
  ...new Set(
    modelCard.quantitativeAnalysis.performanceMetrics.map(
      ({ slice }) => /evaluation (.*)\]$/.exec(slice)?.[1] ?? "",
    ),
  ),
];
