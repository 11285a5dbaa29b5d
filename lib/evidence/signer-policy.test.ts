import { expect, test } from "vitest";
import { summariseEvaluation } from "@/lib/measurement/evaluation";
import { evaluationStatement } from "@/lib/statements/evaluation-statement";
import type { EvaluationPredicate } from "@/lib/statements/kinds/evaluation";
import type { AgreedBy } from "@/lib/statements/kinds/field";
import { requireSpeakersKey } from "./signer-policy";

function statement(role: EvaluationPredicate["evaluator"]["role"], account: string, agreedBy?: AgreedBy) {
  return evaluationStatement({
    subject: { about: "files", sha256: "a".repeat(64) },
    evaluator: { role, account, relation: role === "seller" ? "first_party" : "third_party" },
    ...(agreedBy ? { agreedBy } : {}),
    binding: { kind: "answers_only", reason: "Made for a test." },
    dataSet: {
      name: "x",
      rowsSha256: "b".repeat(64),
      use: "attestation",
      observedFrom: null,
      observedTo: null,
    },
    summary: summariseEvaluation([], [], 0.8),
    runtime: null,
    startedAt: null,
    finishedAt: new Date(0),
  });
}

const platform = { kind: "platform" as const, accountId: null };
const device = (accountId: string) => ({ kind: "device" as const, accountId });
const inSession: AgreedBy = { method: "session", session: "s" };
const refused = (code: string) => expect.objectContaining({ code });

test("each speaks with a key of its own", () => {
  expect(() => requireSpeakersKey(statement("platform", "platform"), platform)).not.toThrow();
  expect(() => requireSpeakersKey(statement("seller", "ann"), device("ann"))).not.toThrow();
  expect(() => requireSpeakersKey(statement("third_party", "eve"), device("eve"))).not.toThrow();
});

test.each([
  ["another account", statement("seller", "ann"), device("bob")],
  ["an account for the platform", statement("platform", "platform"), device("ann")],
  ["the platform for an account", statement("seller", "ann"), platform],
  ["an account for its own session", statement("seller", "ann", inSession), device("ann")],
  [
    "a delegated key, which signs receipts alone",
    statement("seller", "ann"),
    { kind: "delegated" as const, accountId: "ann" },
  ],
  [
    "an account that calls itself the platform's kind",
    statement("platform", "x"),
    { kind: "platform" as const, accountId: "ann" },
  ],
])("refuses %s", (_who, said, signer) => {
  expect(() => requireSpeakersKey(said, signer)).toThrow(refused("signer_may_not"));
});

test("the platform alone signs that an account agreed in a session", () => {
  expect(() => requireSpeakersKey(statement("seller", "ann", inSession), platform)).not.toThrow();
});

test("statements of unknown kind or form are not kept", () => {
  const known = statement("seller", "ann");
  const foreign = { ...known, predicateType: "https://example.org/other/v1" };
  expect(() => requireSpeakersKey(foreign, device("ann"))).toThrow(refused("predicate_unknown"));
  const broken = { ...known, predicate: { ...known.predicate, overall: { n: 1.5 } } };
  expect(() => requireSpeakersKey(broken as never, device("ann"))).toThrow(refused("statement_malformed"));
});
