import { sha256 as hashOf } from "@noble/hashes/sha2.js";
import { z } from "zod";
import { toHex } from "@/lib/shared/encoding";
import { type Sentence, date, digest, sentence, strong } from "../sentence";
import { type Statement, makeStatement } from "../statement";
import { instant, sha256, shortText } from "./field";
import { statementKind } from "./kind";

const rolePredicateSchema = z.object({
  account: shortText,
  role: z.enum(["seller", "drafter", "evaluator"]),
  /** What it sells, or has in a draft, by the digest that statements about it name; null for an evaluator. */
  sells: sha256.nullable(),
  from: instant,
  /** Null while it lasts. */
  until: instant.nullable(),
  at: instant,
});
export type RolePredicate = z.infer<typeof rolePredicateSchema>;

/** What an account is, by the platform's register: from its entry on, until another says that it has ended. */
export const roleKind = statementKind({
  name: "role",
  title: "Role",
  schema: rolePredicateSchema.refine(
    ({ role, sells }) => (role === "evaluator") === (sells === null),
    "An evaluator, and nobody else, sells nothing.",
  ),
  doesNotProve: [
    "who stands behind an account",
    "that the seller made the model or may sell it",
    "that the evaluator is able or impartial",
  ],
  speakerOf: () => ({ by: "platform" }),
  saidAt: ({ at }) => at,
  pastOf: ({ from, until, at }) => [from, until, at],
  spansOf: ({ from, until, at }) => [
    [from, until],
    [from, at],
  ],
  faultOf: ({ predicate, subject }) =>
    subject.length === 1 && subject[0]?.digest.sha256 === accountDigest(predicate.account)
      ? null
      : "subject_differs",
  sentencesOf: ({ predicate }) => ({
    headline: sentence(`: the account ${predicate.account} `, ...whatItIs(predicate), "."),
    facts: spanFacts(predicate),
  }),
});

function whatItIs({ role, sells, until }: RolePredicate) {
  const verb = until === null ? "is" : "is no longer";
  if (sells === null) return [strong(`${verb} an evaluator`)];
  return role === "seller"
    ? [strong(`${verb} the seller`), " of what has the digest ", digest(sells), ", by a published listing"]
    : [strong(`${verb} the drafter`), " of a listing, not published, of what has the digest ", digest(sells)];
}

function spanFacts({ from, until }: RolePredicate): Sentence[] {
  return until === null
    ? [sentence("Since ", date(from), ".")]
    : [sentence("It was so from ", date(from), " to ", date(until), ".")];
}

/** The digest by which a statement names an account. */
export function accountDigest(accountId: string): string {
  return toHex(hashOf(new TextEncoder().encode(accountId)));
}

/** The statement the platform signs about what an account is. */
export function roleStatement(predicate: RolePredicate): Statement<RolePredicate> {
  const subject = { name: "account", sha256: accountDigest(predicate.account) };
  return makeStatement(roleKind.predicateType, [subject], predicate);
}
