import { intervalTexts } from "@/lib/catalogue/cost-text";
import type { Tally } from "@/lib/measurement/tally";
import { decimalText } from "@/lib/statements/decimal-text";

/** "90 of 97 right in 30 clusters, clustered bootstrap 95 % 0.61 to 0.97" */
export function countedText({ k, n, lower, upper, intervalMethod, clustered }: Tally): string {
  const independent = clustered ? ` in ${clustered.n} clusters` : "";
  const interval = `${intervalTexts[intervalMethod]} ${decimalText(lower)} to ${decimalText(upper)}`;
  return `${k} of ${n} right${independent}, ${interval}`;
}
