/**
 * Prints what every demo model does on its attestation rows (`--discovery` for the other
 * half), with the statistics that listings use: tsx prisma/seed/models/report.ts [slug]
 */
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { demoModels } from "./catalogue";
import { evaluateDemoModel } from "./evaluate";

const split = process.argv.includes("--discovery") ? "discovery" : "attestation";
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

for (const model of demoModels.filter(({ slug }) => wanted.length === 0 || wanted.includes(slug))) {
  const startedAt = performance.now();
  const evaluation = await evaluateDemoModel(model.slug, split);
  const summary = summariseEvaluation(evaluation.rows, evaluation.slices, Number(model.declaredLevel));
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const { overall, coverage } = summary;
  console.log(
    `\n## ${model.slug} (${split}), level ${model.declaredLevel}, niche: ${summary.hasNiche ? "yes" : "no"}`,
  );
  console.log(
    `overall ${rate(overall)}, base ${percent(overall.baseRate)}; filled slices cover ${percent(coverage?.share ?? null)}; ${evaluation.msPer1000.toFixed(1)} ms per 1,000; ${seconds} s; ${evaluation.isolation}`,
  );
  for (const slice of summary.slices) {
    const beats = slice.beatsBaseRate ? "beats base" : "not shown to beat base";
    console.log(
      `- ${slice.name}: ${rate(slice)}, base ${percent(slice.baseRate)}, ${slice.verdict} (${beats}${slice.neededN ? `, needs n ${slice.neededN}` : ""})`,
    );
  }
}

function rate({
  k,
  n,
  value,
  lower,
  upper,
}: {
  k: number;
  n: number;
  value: number | null;
  lower: number;
  upper: number;
}): string {
  return `${k}/${n} = ${percent(value)} [${percent(lower)}, ${percent(upper)}]`;
}

function percent(value: number | null): string {
  return value === null ? "none" : `${(value * 100).toFixed(1)} %`;
}
