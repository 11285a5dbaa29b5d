import { expect, test } from "vitest";
import { countOfModel, partsOfCount } from "./daily-count";
import { completenessStatement } from "@/lib/statements/kinds/completeness";
import { answerKind } from "@/lib/statements/kinds/answer";
import { revocationStatement } from "@/lib/statements/kinds/revocation";
import { MAX_STATEMENT_BYTES, makeStatement, statementBytes } from "@/lib/statements/statement";

const model = "a".repeat(64);
const at = "2026-11-22T00:00:00.000Z";

function answerOf(envelope: string, index: bigint) {
  const statement = makeStatement(answerKind.predicateType, [{ sha256: model }], {
    seller: "ann",
    listing: "l",
    answers: "e".repeat(64),
    body: "So it is.",
    statedAt: at,
  });
  return { envelope, keyId: "k", statement, index };
}

const withdrawal = {
  envelope: "2".repeat(64),
  keyId: "k",
  statement: revocationStatement(
    { signer: { role: "account", account: "ann" }, withdraws: "1".repeat(64), reason: "", at },
    [model],
  ),
  index: 9n,
};

test("only what the counted tree holds is counted, so that whoever reads that much finds the same", () => {
  const entries = [answerOf("1".repeat(64), 3n), withdrawal];
  expect(countOfModel(model, entries, 9n)).toEqual({
    modelDigest: model,
    statements: 1,
    adverse: 0,
    withdrawn: 0,
    lastIndex: 3,
  });
  expect(countOfModel(model, entries, 10n)).toMatchObject({ statements: 2, withdrawn: 1, lastIndex: 9 });
  expect(countOfModel(model, entries, 3n)).toBeNull();
});

test("a day of many models has as many parts as fit into statements, and each tells the whole sum", () => {
  const models = Array.from({ length: 2_345 }, (_, at) => ({
    modelDigest: at.toString(16).padStart(64, "0"),
    statements: 3,
    adverse: 1,
    withdrawn: 0,
    lastIndex: Number.MAX_SAFE_INTEGER,
  }));
  const parts = partsOfCount("2026-11-22", { size: 9_000n, root: model }, models);
  expect(parts.map(({ part, parts: of }) => `${part}/${of}`)).toEqual(["1/3", "2/3", "3/3"]);
  expect(parts.flatMap((part) => part.models)).toEqual(models);
  for (const part of parts) {
    expect(part.totals).toEqual({ models: 2_345, statements: 7_035, adverse: 2_345, withdrawn: 0 });
    expect(statementBytes(completenessStatement(part)).length).toBeLessThan(MAX_STATEMENT_BYTES);
  }
});

test("a day without models is counted as well", () => {
  const [part, ...more] = partsOfCount("2026-11-22", { size: 0n, root: model }, []);
  expect(more).toEqual([]);
  expect(part).toMatchObject({ totals: { models: 0 }, log: { lastIndex: null }, models: [] });
});
