import { z } from "zod";
import { rowsOrigins } from "@/lib/inference/evaluation-run";
import { counted, digest, sentence, strong } from "../sentence";
import { type Statement, makeStatement } from "../statement";
import { count, instant, sha256, shortText } from "./field";
import { statementKind } from "./kind";

const attempt = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("begun"),
    /** Who asked for the run, and whose rows it is on. */
    asked: z.object({ account: shortText, rows: z.enum(rowsOrigins) }),
    runContract: z.object({ sha256 }),
    /** `sha256`: a salted commitment to the file of rows. */
    dataSet: z.object({ name: shortText, rows: z.object({ sha256 }), n: count }),
    /** The seller had these before, so they are not run. */
    leftOut: count,
  }),
  z.object({
    event: z.enum(["cancelled", "failed"]),
    /** The statement that it was begun. */
    begun: sha256,
    reason: shortText,
  }),
]);

export const attemptPredicateSchema = z.object({ attempt, at: instant });
export type RunAttemptPredicate = z.infer<typeof attemptPredicateSchema>;

/** A run that was asked for, stated before its first row is run; and its end, where it has no figures. */
export const runAttemptKind = statementKind({
  name: "run-attempt",
  title: "Attempted run",
  schema: attemptPredicateSchema,
  doesNotProve: [
    "how well the model did",
    "that nobody ran the same rows elsewhere before",
    "that whoever asked will publish what came out",
  ],
  speakerOf: () => ({ by: "platform" }),
  saidAt: ({ at }) => at,
  sentencesOf: ({ predicate: { attempt: said }, subject }) => {
    if (said.event !== "begun")
      return {
        headline: sentence(
          ": the run begun in ",
          digest(said.begun),
          said.event === "failed" ? " did not end well" : " was cancelled",
          ", and nothing was counted.",
        ),
        facts: [sentence(said.reason)],
      };
    const { dataSet, asked, leftOut, runContract } = said;
    return {
      headline: sentence(
        ": a run of the files ",
        digest(subject[0]?.digest.sha256 ?? ""),
        " on ",
        strong(counted(dataSet.n, "row")),
        " of ",
        strong(dataSet.name),
        " begins.",
      ),
      facts: [
        sentence(`Asked for by the account ${asked.account}, ${rowsWords[asked.rows]}.`),
        ...(leftOut > 0
          ? [sentence(`${counted(leftOut, "row")} that the seller had before will not be run.`)]
          : []),
        sentence(
          "Run by the contract ",
          digest(runContract.sha256),
          "; the rows are committed to by ",
          digest(dataSet.rows.sha256),
          ".",
        ),
      ],
    };
  },
});

/** Whose rows they are, in words. */
export const rowsWords = {
  buyer: "on rows of a buyer",
  evaluator: "on rows of an evaluator",
  public_set: "on rows of a public set",
} as const satisfies Record<(typeof rowsOrigins)[number], string>;

/** The statement the platform signs about a run of these files. */
export function runAttemptStatement(
  predicate: RunAttemptPredicate,
  modelDigest: string,
): Statement<RunAttemptPredicate> {
  return makeStatement(
    runAttemptKind.predicateType,
    [{ name: "model files", sha256: modelDigest }],
    predicate,
  );
}
