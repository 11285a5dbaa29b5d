import type { z } from "zod";
import { type Sentence, type SentencePart, digest, sentence } from "../sentence";
import type { Statement } from "../statement";
import type { AgreedBy, ClaimFields } from "./field";
import { type Definition, type StatementKind, byAccount, claimant, statementKind } from "./kind";

/** Makes a kind of claim about a listing: its seller speaks, of exact files, and may take an earlier claim's place. */
export function claimKind<Schema extends z.ZodType<ClaimFields>>({
  claimOf,
  factsOf = () => [],
  ...definition
}: Omit<Definition<Schema>, "speakerOf" | "capacityOf" | "saidAt" | "sentencesOf"> & {
  /** What is claimed, after "about these exact files: ". */
  claimOf: (predicate: z.output<Schema>) => (string | SentencePart)[];
  factsOf?: (predicate: z.output<Schema>) => Sentence[];
}): StatementKind {
  return statementKind<Schema>({
    ...definition,
    speakerOf: ({ seller, agreedBy }) => byAccount(seller, agreedBy),
    capacityOf: ({ replaces }) => claimant(replaces),
    saidAt: ({ statedAt }) => statedAt,
    sentencesOf: (statement) => {
      const { predicate } = statement;
      const { agreedBy, replaces } = predicate;
      return {
        headline: claimHeadline(statement, ...claimOf(predicate)),
        facts: [...factsOf(predicate), ...agreementFacts(agreedBy), ...replacementFacts(replaces)],
      };
    },
  });
}

/** " about these exact files (abc…): …" */
export function claimHeadline(
  { subject }: Statement<unknown>,
  ...claim: (string | SentencePart)[]
): Sentence {
  const [first] = subject;
  const about = first?.name === undefined ? "files" : first.name;
  return sentence(` about the ${about} (`, digest(first?.digest.sha256 ?? ""), "): ", ...claim);
}

/** What a reader must know of the weaker form; nothing for a signature by a key of the account's own. */
export function agreementFacts(agreedBy: AgreedBy | undefined): Sentence[] {
  const said =
    "The platform signed that the account agreed while signed in; the account signed nothing itself.";
  return agreedBy?.method === "session" ? [sentence(said)] : [];
}

/** Says that this claim takes the place of an earlier one, which stays in the log. */
export function replacementFacts(replaces: string | undefined): Sentence[] {
  return replaces === undefined
    ? []
    : [sentence("It takes the place of an earlier claim (", digest(replaces), "), which stays in the log.")];
}
