import { expect, test } from "vitest";
import { type RunAttemptPredicate, runAttemptStatement } from "./kinds/run-attempt";
import { attemptsText, countAttempts } from "./run-attempts";

const files = "a".repeat(64);
const at = "2026-11-30T12:00:00.000Z";
const begun: RunAttemptPredicate["attempt"] = {
  event: "begun",
  asked: { account: "someone", rows: "buyer" },
  runContract: { sha256: "b".repeat(64) },
  dataSet: { name: "Letters of a buyer", rows: { sha256: "c".repeat(64) }, n: 40 },
  leftOut: 0,
};
const logged = (envelope: string, attempt: RunAttemptPredicate["attempt"]) => ({
  envelope,
  statement: runAttemptStatement({ attempt, at }, files),
});

test("runs are counted by the statements that they were begun, and an end without a beginning counts for nothing", () => {
  const [one, two, three] = ["1".repeat(64), "2".repeat(64), "3".repeat(64)];
  const counts = countAttempts([
    logged(one, begun),
    logged(two, begun),
    logged(three, begun),
    logged("4".repeat(64), { event: "cancelled", begun: one, reason: "Enough." }),
    logged("5".repeat(64), { event: "failed", begun: two, reason: "It crashed." }),
    logged("6".repeat(64), { event: "cancelled", begun: "7".repeat(64), reason: "Never begun." }),
  ]);
  expect(counts).toEqual({ begun: 3, published: 0, cancelled: 1, failed: 1 });
  expect(attemptsText(counts)).toBe("3 started, 0 published, 1 cancelled, 1 failed");
});
