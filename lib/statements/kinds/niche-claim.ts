import { z } from "zod";
import { domains, tasks } from "@/lib/catalogue/niche";
import { percent, strong } from "../sentence";
import { claimKind } from "./claim-sentence";
import { claimFields, decimal, isOfferedLevel, shortText } from "./field";

const nicheClaimPredicateSchema = z.object({
  ...claimFields,
  niche: z.object({
    task: shortText,
    domain: shortText,
    /** BCP 47. */
    languages: z.array(z.string().max(35)).max(40),
    /** The share of right answers that the seller declares. */
    level: decimal,
  }),
});

/** What a seller says the model is for, and how well it does there. */
export const nicheClaimKind = claimKind({
  name: "niche-claim",
  title: "Niche",
  schema: nicheClaimPredicateSchema,
  doesNotProve: [
    "that the model reaches the level: only a signed evaluation can show that",
    "that nothing else does the same job better",
  ],
  faultOf: ({ predicate }) => (isOfferedLevel(predicate.niche.level) ? null : "level_range"),
  claimOf: ({ niche }) => {
    const job = `${labelOf(tasks, niche.task)} in ${labelOf(domains, niche.domain)}`;
    return [
      "it is meant for ",
      strong(job.toLowerCase()),
      `, in ${languagesText(niche.languages)}, and the seller declares that ${percent(niche.level)} of its answers there are right.`,
    ];
  },
});

function labelOf(labels: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? name) : name;
}

function languagesText(languages: readonly string[]): string {
  if (languages.length === 0) return "no stated language";
  return languages.map(languageName).join(", ");
}

function languageName(tag: string): string {
  if (tag === "zxx") return "no language";
  if (tag === "mul") return "many languages";
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
