import { parseJson } from "@/lib/shared/encoding";
import { isObject } from "@/lib/shared/is-object";
import { jsonFaultOf } from "@/lib/statements/json-sense";
import { kindOf, speakerOf, statementKinds } from "@/lib/statements/kinds";
import { type SenseFault, senseMessages } from "@/lib/statements/sense-fault";
import { type Statement, STATEMENT_TYPE, readStatement } from "@/lib/statements/statement";
import { Refusal, usage } from "./ending";

/** What a person gives to be signed: a whole statement, its parts, or a predicate whose kind and subject stand beside it. */
export type ToSign = {
  text: string;
  /** A name such as "limitation", or a predicate type. */
  kind?: string;
  subjects: readonly string[];
};

/**
 * The statement to sign. Throws `kind_unknown`, the code of what makes no sense in it, and `statement_malformed` with every place where the predicate does not
 * have the form of its kind.
 */
export function readStatementToSign({ text, kind, subjects }: ToSign): Statement {
  const value = readObject(text);
  const fault = jsonFaultOf(text);
  if (fault !== null) throw senseless(fault);
  const predicateType = typeOf(value["predicateType"] ?? value["kind"] ?? kind);
  const isWhole = "predicate" in value;
  const subject: unknown = isWhole && value["subject"] !== undefined ? value["subject"] : [];
  const listed: unknown[] = Array.isArray(subject) ? subject : [subject];
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [...listed.map(subjectOf), ...subjects.map(subjectOf)],
    predicateType,
    predicate: isWhole ? value["predicate"] : value,
  };
  if (statement.subject.length === 0) throw usage("Say what it is about: --subject DIGEST or --files DIR.");
  return checked(statement);
}

function checked(value: unknown): Statement {
  const statement = readStatement(new TextEncoder().encode(JSON.stringify(value)));
  if (!statement) throw malformed(["a subject has no digest of 64 lowercase hex digits"]);
  const kind = kindOf(statement.predicateType);
  if (!kind) throw unknownKind(statement.predicateType);
  const fault = kind.faultOf(statement);
  if (fault !== null && fault !== "statement_malformed") throw senseless(fault);
  const read = kind.schema.safeParse(statement.predicate);
  if (!read.success)
    throw malformed(
      read.error.issues
        .slice(0, 10)
        .map(({ path, message }) => `${["predicate", ...path].join(".")}: ${message}`),
    );
  const speaker = speakerOf(statement);
  if (speaker?.by === "platform")
    throw new Refusal(
      "failed",
      "signer_may_not",
      "In this statement the platform speaks, so only its own key counts.",
    );
  if (speaker?.by === "account" && speaker.agreedBy !== "device_key")
    throw new Refusal(
      "failed",
      "signer_may_not",
      "That an account agreed in a session is for the platform to sign; leave agreedBy out.",
    );
  return statement;
}

function senseless(fault: SenseFault): Refusal {
  return new Refusal("failed", fault, senseMessages[fault]);
}

function readObject(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (value === undefined) throw usage("The file to sign is not JSON.");
  if (!isObject(value)) throw usage("The file to sign is no JSON object.");
  return value;
}

function typeOf(kind: unknown): string {
  if (typeof kind !== "string") throw usage(`Say what kind of statement it is: --kind ${kindNames()}.`);
  return statementKinds.find(({ name }) => name === kind)?.predicateType ?? kind;
}

function subjectOf(subject: unknown): unknown {
  if (typeof subject === "string") return { digest: { sha256: subject } };
  const { sha256, digest, name } = (subject ?? {}) as { sha256?: unknown; digest?: unknown; name?: unknown };
  return { ...(name === undefined ? {} : { name }), digest: digest ?? { sha256 } };
}

function unknownKind(predicateType: string): Refusal {
  return new Refusal(
    "unsupported",
    "kind_unknown",
    `Statements of the kind "${predicateType.slice(0, 200)}" are not known here. Known are ${kindNames()}.`,
  );
}

function kindNames(): string {
  return statementKinds.map(({ name }) => name).join(", ");
}

function malformed(problems: readonly string[]): Refusal {
  return new Refusal(
    "failed",
    "statement_malformed",
    `It does not have the form of its kind: ${problems.join("; ")}.`,
    { problems },
  );
}
