import type { Tally } from "@/lib/measurement/tally";
import { decimalText } from "@/lib/statements/decimal-text";

/** How an interval came about, as people and programs of this field call it. */
export const intervalNames: Record<Tally["intervalMethod"], string> = {
  wilson_95: "Wilson 95 %",
  clustered_bootstrap_95: "clustered bootstrap 95 %",
  wilson_95_of_clusters: "Wilson 95 % of the clusters",
};

/** "90 of 97 right in 30 clusters, clustered bootstrap 95 % 0.61 to 0.97" */
export function countedText({ k, n, lower, upper, intervalMethod, clustered }: Tally): string {
  const independent = clustered ? ` in ${clustered.n} clusters` : "";
  const interval = `${intervalNames[intervalMethod]} ${decimalText(lower)} to ${decimalText(upper)}`;
  return `${k} of ${n} right${independent}, ${interval}`;
}
