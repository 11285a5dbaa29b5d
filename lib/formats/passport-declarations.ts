import { NOT_MEASURED } from "@/lib/catalogue/limitation-link";
import { gradeLabels } from "@/lib/catalogue/standing";
import { countedText } from "./interval-text";
import { encodeBase64 } from "@/lib/shared/encoding";
import { decimalText } from "@/lib/statements/decimal-text";
import {
  MODEL_REFERENCE,
  type PassportEvaluation,
  type PassportInput,
  limitationText,
} from "./passport-input";

type Claim = {
  "bom-ref": string;
  target: string;
  predicate: string;
  reasoning: string;
  evidence?: string[];
  counterEvidence?: string[];
};

/**
 * Claims are the slices shown to be filled, counter-claims the slices shown to fail, the limitations and the
 * objections. Slices without enough evidence are neither; they stand among the figures.
 */
export function declarationsOf(input: PassportInput) {
  const assessors = assessorsOf(input);
  const attestations = input.evaluations.map((evaluation) => attestationOf(evaluation));
  const limits = input.limitations.filter(({ presence }) => presence === "present").map(limitationClaim);
  const objections = input.objections.map(({ id, text, author, at }): Claim => ({
    "bom-ref": `objection:${id}`,
    target: MODEL_REFERENCE,
    predicate: text,
    reasoning: `Said by ${author} on ${day(at)}.`,
    evidence: [`objection-evidence:${id}`],
  }));
  const claims = [
    ...input.evaluations.flatMap((evaluation) => sliceClaims(evaluation, input.evaluations)),
    ...limits,
    ...objections,
  ];
  const others = [...limits, ...objections].map((claim) => claim["bom-ref"]);
  return {
    assessors,
    ...(attestations.length === 0 && others.length === 0
      ? {}
      : {
          attestations: [
            ...attestations,
            ...(others.length === 0
              ? []
              : [
                  {
                    summary: "Known limitations and objections",
                    assessor: "assessor:issuer",
                    map: [{ counterClaims: others }],
                  },
                ]),
          ],
        }),
    ...(claims.length === 0 ? {} : { claims }),
    ...evidenceOf(input),
  };
}

function assessorsOf({ issuer, evaluations }: PassportInput) {
  const platform = { "bom-ref": "assessor:issuer", thirdParty: true, organization: { name: issuer.name } };
  const others = evaluations
    .filter(({ evaluator }) => evaluator.role !== "platform")
    .map(({ evaluator }) => ({
      "bom-ref": assessorOf(evaluator),
      thirdParty: evaluator.role === "third_party",
      organization: { name: evaluator.name },
    }));
  return [...new Map([platform, ...others].map((assessor) => [assessor["bom-ref"], assessor])).values()];
}

function assessorOf({ name, role }: PassportEvaluation["evaluator"]): string {
  return role === "platform" ? "assessor:issuer" : `assessor:${role}:${name}`;
}

function attestationOf(evaluation: PassportEvaluation) {
  const { id, summary, grade, dataSetName, finishedAt, rowsSha256, isStale, answer } = evaluation;
  const references = (verdict: "filled" | "fails") =>
    summary.slices.filter((slice) => slice.verdict === verdict).map((slice) => claimReference(id, slice.id));
  const filled = references("filled");
  const failing = references("fails");
  const undecided = summary.slices.length - filled.length - failing.length;
  return {
    summary: `${gradeLabels[grade]}: ${dataSetName}, ${day(finishedAt)}${isStale ? ", stale" : ""}`,
    assessor: assessorOf(evaluation.evaluator),
    map: [
      {
        ...(filled.length === 0 ? {} : { claims: filled }),
        ...(failing.length === 0 ? {} : { counterClaims: failing }),
        conformance: {
          rationale:
            `${filled.length} slices filled, ${failing.length} fail, ${undecided} without enough evidence at ` +
            `level ${decimalText(summary.level)}. Overall ${countedText(summary.overall)}. ` +
            `Rows: SHA-256 ${rowsSha256}.` +
            (answer === null ? "" : ` The seller answered on ${day(answer.at)}: ${answer.text}`),
        },
        confidence: {
          rationale:
            "Exact one-sided binomial tests, Holm-adjusted over every slice examined, at 0.025; where rows share clusters, " +
            "twice the median over 1,000 draws of one row from each. " +
            "The signature shows who said it, not that it holds for other rows.",
        },
      },
    ],
  };
}

function sliceClaims(evaluation: PassportEvaluation, all: readonly PassportEvaluation[]): Claim[] {
  const { id, summary, dataSetName, grade, finishedAt } = evaluation;
  return summary.slices.flatMap((slice): Claim[] => {
    if (slice.verdict === "not_enough_evidence") return [];
    const opposite = slice.verdict === "filled" ? "fails" : "filled";
    const against = all.filter(
      (other) =>
        other.id !== id &&
        other.summary.slices.some((each) => each.id === slice.id && each.verdict === opposite),
    );
    const verb = slice.verdict === "filled" ? "reaches" : "does not reach";
    const base =
      slice.baseRate === null
        ? "base rate unknown"
        : `base rate ${decimalText(slice.baseRate)} (${slice.baseLabel ?? ""}, n=${slice.baseN})`;
    return [
      {
        "bom-ref": claimReference(id, slice.id),
        target: MODEL_REFERENCE,
        predicate: `${slice.name}: ${verb} ${decimalText(summary.level)}`,
        reasoning:
          (slice.sellerName === null ? "" : `The seller calls it “${slice.sellerName}”. `) +
          `${countedText(slice)}, ` +
          `${base}; ${dataSetName}, ${day(finishedAt)}; ${gradeLabels[grade]}` +
          (slice.discovered ? "; exploratory: the slice was chosen on these rows" : ""),
        evidence: [evidenceReference(id)],
        ...(against.length === 0
          ? {}
          : { counterEvidence: against.map((other) => evidenceReference(other.id)) }),
      },
    ];
  });
}

function limitationClaim(limitation: PassportInput["limitations"][number], position: number): Claim {
  return {
    "bom-ref": `limitation:${position + 1}:${limitation.type}`,
    target: MODEL_REFERENCE,
    predicate: limitationText(limitation),
    reasoning: limitation.figure ? "Measured on an evaluation." : NOT_MEASURED,
    ...(limitation.figure ? { evidence: [evidenceReference(limitation.figure.evaluationId)] } : {}),
  };
}

function evidenceOf({ evaluations, objections }: PassportInput) {
  const evidence = [
    ...evaluations.map(({ id, envelope, dataSetName, finishedAt, evaluator }) => ({
      "bom-ref": evidenceReference(id),
      propertyName: "offcut:evaluation",
      description:
        envelope === null
          ? `Evaluation on ${dataSetName}; not signed.`
          : `Signed evaluation on ${dataSetName}; the DSSE envelope has SHA-256 ${envelope.sha256}.`,
      ...(envelope === null ? {} : { data: [attached(envelope)] }),
      created: finishedAt.toISOString(),
      author: { name: evaluator.name },
    })),
    ...objections.map(({ id, text, author, at, envelope }) => ({
      "bom-ref": `objection-evidence:${id}`,
      propertyName: "offcut:objection",
      description: text,
      ...(envelope === null ? {} : { data: [attached(envelope)] }),
      created: at.toISOString(),
      author: { name: author },
    })),
  ];
  return evidence.length === 0 ? {} : { evidence };
}

/** The envelope itself, so that the document can be checked offline. */
function attached({ sha256, body, url }: NonNullable<PassportEvaluation["envelope"]>) {
  const content = encodeBase64(new TextEncoder().encode(body));
  return {
    name: `${sha256}.dsse.json`,
    contents: {
      attachment: { contentType: "application/json", encoding: "base64", content },
      ...(url === null ? {} : { url }),
    },
  };
}

function claimReference(evaluation: string, slice: string): string {
  return `claim:${evaluation}:${slice}`;
}

function evidenceReference(evaluation: string): string {
  return `evidence:${evaluation}`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
