import { z } from "zod";
import { decodeBase64 } from "@/lib/shared/encoding";
import { keyIdOf } from "../dsse";
import { type Sentence, date, digest, sentence } from "../sentence";
import { type Statement, makeStatement } from "../statement";
import { instant, sha256, shortText } from "./field";
import { statementKind } from "./kind";

const keyPredicateSchema = z.object({
  event: z.enum(["enrolled", "delegated", "approved", "revoked"]),
  /** Null for the platform's own key. */
  account: shortText.nullable(),
  key: z.object({
    id: sha256,
    kind: z.enum(["device", "command_line", "delegated", "platform"]),
    /** The public key itself, SPKI DER in base64; its SHA-256 is the id. */
    spki: z.base64().max(300),
  }),
  /** How it came to the account: see `KeyEnrolment` in lib/accounts/key.ts. */
  enrolledBy: shortText,
  /** The key of the same account that vouched for it, or that it is delegated by. */
  vouchedBy: sha256.nullable(),
  effectiveAt: instant,
  /** Null unless revoked: signatures made from this moment on do not count. */
  revokedAt: instant.nullable(),
  at: instant,
});
export type KeyPredicate = z.infer<typeof keyPredicateSchema>;

/** The life of a signing key, as the platform's register of keys holds it. */
export const keyKind = statementKind({
  name: "key",
  title: "Key",
  schema: keyPredicateSchema.refine(
    ({ event, revokedAt }) => (event === "revoked") === (revokedAt !== null),
    "A revocation, and nothing else, says when.",
  ),
  doesNotProve: [
    "who stands behind an account",
    "that nobody else holds the key",
    "that signatures made before a revocation were made freely",
  ],
  speakerOf: () => ({ by: "platform" }),
  saidAt: ({ at }) => at,
  pastOf: ({ at, revokedAt }) => [at, revokedAt],
  faultOf: ({ predicate: { key }, subject }) => {
    if (keyIdOf(decodeBase64(key.spki) ?? new Uint8Array()) !== key.id) return "key_differs";
    return subject.length === 1 && subject[0]?.digest.sha256 === key.id ? null : "subject_differs";
  },
  sentencesOf: ({ predicate }) => ({
    headline: sentence(": the key ", digest(predicate.key.id), ` ${happened(predicate)}.`),
    facts: [
      sentence("Its signatures count from ", date(predicate.effectiveAt), "."),
      ...revokedFacts(predicate),
      ...vouchedFacts(predicate),
    ],
  }),
});

function happened({ event, account, key }: KeyPredicate): string {
  const whose = account === null ? "the platform" : `the account ${account}`;
  switch (event) {
    case "enrolled":
      return `was enrolled for ${whose}`;
    case "revoked":
      return `of ${whose} was revoked`;
    case "approved":
      return `of ${whose} was approved by a key already in force`;
    case "delegated":
      return `was given to ${whose} to sign ${key.kind === "delegated" ? "receipts only" : "with"}`;
  }
}

function revokedFacts({ revokedAt }: KeyPredicate): Sentence[] {
  return revokedAt === null
    ? []
    : [sentence("What it signed before ", date(revokedAt), " stays valid; later signatures do not count.")];
}

function vouchedFacts({ vouchedBy }: KeyPredicate): Sentence[] {
  return vouchedBy === null
    ? []
    : [sentence("A key already in force vouched for it: ", digest(vouchedBy), ".")];
}

/** The statement the platform signs about one event in the life of a key; its subject is the key's own digest. */
export function keyStatement(predicate: KeyPredicate): Statement<KeyPredicate> {
  return makeStatement(keyKind.predicateType, [{ name: "key", sha256: predicate.key.id }], predicate);
}
