import type { z } from "zod";
import { type SenseFault, isSenseFault } from "../sense-fault";
import { type Sentence, date, strong, text } from "../sentence";
import { type Statement, predicateTypeOf } from "../statement";
import type { AgreedBy } from "./field";

/**
 * Who speaks in a statement: the platform itself; an account, and how it said so; or, in statements of other
 * programs that name no account, whoever signs.
 */
export type Speaker =
  | { by: "platform" }
  | {
      by: "account";
      accountId: string;
      agreedBy: AgreedBy["method"];
      /** What public pages call the account instead of its name, where that is nobody else's business. */
      calledInPublic?: string;
    }
  | { by: "signer" };

/** An account, which has signed with a key of its own unless the platform signs that it agreed. */
export function byAccount(accountId: string, agreed: AgreedBy | undefined): Speaker {
  return { by: "account", accountId, agreedBy: agreed?.method ?? "device_key" };
}

/** The platform, or the account in any other role. */
export function byRole(
  { role, account }: { role: string; account: string },
  agreed: AgreedBy | undefined,
): Speaker {
  return role === "platform" ? { by: "platform" } : byAccount(account, agreed);
}

/**
 * As whom somebody speaks, where that is more than whose key it is: who sells what the statement is about, by a listing
 * that was published; who does, or has it in a draft; an evaluator of whom neither is true; who is named in a claim; who
 * made what is taken back. `named`: the envelope that is spoken of; `replaces`: the one of theirs that this takes the place of.
 */
export type Capacity =
  | { as: "seller"; named?: string; replaces?: string }
  | { as: "drafter" | "evaluator"; named?: never; replaces?: never }
  | { as: "contributor" | "withdrawer"; named: string; replaces?: never };

/** A seller who makes a claim; it takes the place of one of their own alone. */
export function claimant(replaces: string | undefined): Capacity {
  return { as: "seller", ...(replaces === undefined ? {} : { replaces }) };
}

/** What a kind says of itself, written with the type of its predicate. */
export type Definition<Schema extends z.ZodType> = {
  /** Served at `/predicates/<name>/v1`. */
  name: string;
  /** For kinds of other programs; ours follow from the name. */
  predicateType?: string;
  /** What a reader calls it: "Evaluation". */
  title: string;
  schema: Schema;
  /** Each completes "It does not show …". */
  doesNotProve: readonly string[];
  speakerOf: (predicate: z.output<Schema>) => Speaker;
  /** As whom they speak; null where it is only whose key it is. */
  capacityOf?: (predicate: z.output<Schema>) => Capacity | null;
  /** When it was said, for "Signed by X on 3 March 2026". */
  saidAt?: (predicate: z.output<Schema>) => string;
  /** Moments that it names as past, where they are others than `saidAt`. */
  pastOf?: (predicate: z.output<Schema>) => readonly (string | null | undefined)[];
  /** Pairs of moments of which the first comes first. */
  spansOf?: (
    predicate: z.output<Schema>,
  ) => readonly (readonly [string | null | undefined, string | null | undefined])[];
  /** The first contradiction between its parts. */
  faultOf?: (statement: Statement<z.output<Schema>>) => SenseFault | null;
  /** The headline goes on after who signed, and when. */
  sentencesOf: (statement: Statement<z.output<Schema>>) => { headline: Sentence; facts: Sentence[] };
  /** Speaks against the model, its listing or its seller. */
  isAdverse?: (predicate: z.output<Schema>) => boolean;
  /** The envelope that a statement of this kind takes back. */
  withdrawnEnvelopeOf?: (predicate: z.output<Schema>) => string | null;
  /** The digests a statement is about, where they do not simply stand in its subjects. */
  subjectsOf?: (statement: Statement<z.output<Schema>>) => string[] | null;
};

/** A kind of statement after its predicate's type is forgotten: everything is asked with a whole statement. */
export type StatementKind = {
  name: string;
  predicateType: string;
  title: string;
  schema: z.ZodType;
  doesNotProve: readonly string[];
  /** Each of these answers null for a statement that does not have the form of its kind. */
  speakerOf: (statement: Statement) => Speaker | null;
  capacityOf: (statement: Statement) => Capacity | null;
  sentencesOf: (statement: Statement, signerName: string) => { headline: Sentence; facts: Sentence[] } | null;
  /** Moments that it names as past. */
  pastOf: (statement: Statement) => string[] | null;
  /** The first of its parts that does not have its form or contradicts another; null where it makes sense. */
  faultOf: (statement: Statement) => SenseFault | "statement_malformed" | null;
  isAdverse: (statement: Statement) => boolean | null;
  withdrawnEnvelopeOf: (statement: Statement) => string | null;
  subjectsOf: (statement: Statement) => string[] | null;
};

/** Makes a kind of its definition: every question reads the predicate by its schema first. */
export function statementKind<Schema extends z.ZodType>(definition: Definition<Schema>): StatementKind {
  const { name, predicateType = predicateTypeOf(name), title, schema, doesNotProve } = definition;
  type Read = Statement<z.output<Schema>>;
  const read = (statement: Statement): Read | null => {
    const predicate = schema.safeParse(statement.predicate);
    return predicate.success ? { ...statement, predicate: predicate.data } : null;
  };
  const ask = <Answer>(statement: Statement, question: (read: Read) => Answer): Answer | null => {
    const found = read(statement);
    return found && question(found);
  };
  return {
    name,
    predicateType,
    title,
    schema,
    doesNotProve,
    speakerOf: (statement) => ask(statement, ({ predicate }) => definition.speakerOf(predicate)),
    capacityOf: (statement) => ask(statement, ({ predicate }) => definition.capacityOf?.(predicate) ?? null),
    sentencesOf: (statement, signerName) =>
      ask(statement, (found) => {
        const at = definition.saidAt?.(found.predicate);
        const signed = [text("Signed by "), strong(signerName), ...(at ? [text(" on "), date(at)] : [])];
        const { headline, facts } = definition.sentencesOf(found);
        return { headline: [...signed, ...headline], facts };
      }),
    pastOf: (statement) => ask(statement, ({ predicate }) => pastOf(definition, predicate)),
    faultOf: (statement) => {
      const predicate = schema.safeParse(statement.predicate);
      if (!predicate.success) {
        const codes = predicate.error.issues.map(({ message }) => message);
        // What does not even have the form of its kind is no matter of sense.
        return (codes.every(isSenseFault) && codes.find(isSenseFault)) || "statement_malformed";
      }
      const found = { ...statement, predicate: predicate.data };
      if (definition.subjectsOf?.(found)?.length === 0 || definition.subjectsOf?.(found) === null)
        return "subject_differs";
      if ((definition.spansOf?.(predicate.data) ?? []).some(isReversed)) return "date_order";
      return definition.faultOf?.(found) ?? null;
    },
    isAdverse: (statement) => ask(statement, ({ predicate }) => definition.isAdverse?.(predicate) ?? false),
    withdrawnEnvelopeOf: (statement) =>
      ask(statement, ({ predicate }) => definition.withdrawnEnvelopeOf?.(predicate) ?? null),
    subjectsOf: (statement) =>
      ask(statement, (found) =>
        definition.subjectsOf
          ? definition.subjectsOf(found)
          : [...new Set(found.subject.map(({ digest }) => digest.sha256))],
      ),
  };
}

function pastOf<Schema extends z.ZodType>(
  { saidAt, pastOf: named }: Definition<Schema>,
  predicate: z.output<Schema>,
): string[] {
  const past = named?.(predicate) ?? (saidAt ? [saidAt(predicate)] : []);
  return past.filter((at) => typeof at === "string");
}

function isReversed([from, to]: readonly [string | null | undefined, string | null | undefined]): boolean {
  return typeof from === "string" && typeof to === "string" && Date.parse(from) > Date.parse(to);
}
