import { z } from "zod";
import { domains, tasks } from "@/lib/catalogue/niche";
import { percent, strong } from "../sentence";
import { predicateTypeOf } from "../statement";
import { agreementFacts, claimHeadline, replacementFacts } from "./claim-sentence";
import { claimFields, decimal, shortText } from "./field";
import { statementKind } from "./kind";

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
export const nicheClaimKind = statementKind({
  name: "niche-claim",
  predicateType: predicateTypeOf("niche-claim"),
  title: "Niche",
  schema: nicheClaimPredicateSchema,
  doesNotProve: [
    "that the model reaches the level: only a signed evaluation can show that",
    "that nothing else does the same job better",
  ],
  speakerOf: ({ seller, agreedBy }) => ({
    by: "account",
    accountId: seller,
    agreedBy: agreedBy?.method ?? "device_key",
  }),
  sentencesOf: (statement, signerName) => {
    const { niche, statedAt, agreedBy, replaces } = statement.predicate;
    const job = `${labelOf(tasks, niche.task)} in ${labelOf(domains, niche.domain)}`;
    return {
      headline: claimHeadline(
        statement,
        signerName,
        statedAt,
        "it is meant for ",
        strong(job.toLowerCase()),
        `, in ${languagesText(niche.languages)}, and the seller declares that ${percent(niche.level)} of its answers there are right.`,
      ),
      facts: [...agreementFacts(agreedBy), ...replacementFacts(replaces)],
    };
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
