import fc from "fast-check";
import { expect, test } from "vitest";
import { type GradeFacts, SPEAKERS_WORD, gradeOfRun, gradeWords } from "./evaluation-grade";
import { aboutNames } from "./kinds/binding";
import { evaluatorRelations } from "./kinds/evaluation";

const facts: fc.Arbitrary<GradeFacts> = fc.record({
  role: fc.constantFrom("platform", "seller", "third_party"),
  relation: fc.constantFrom(...evaluatorRelations),
  binding: fc.record({ kind: fc.constantFrom("ran_here", "reran_here", "asked_here", "answers_only") }),
  about: fc.constantFrom(...aboutNames),
});

test("answers that nothing ties to the files are never more than their speaker's word, whoever signs", () => {
  fc.assert(
    fc.property(facts, (said) => {
      const word = { ...said, binding: { kind: "answers_only" as const } };
      expect(gradeOfRun(word)).toBe("seller_signed");
      expect(gradeWords("seller_signed", word)).toBe(SPEAKERS_WORD);
    }),
  );
});

test("third-party evidence is a bound run by an evaluator who is independent, or by such a platform of what is no files", () => {
  fc.assert(
    fc.property(facts, (said) => {
      const isBound = said.binding.kind !== "answers_only";
      const isIndependent = said.relation === "third_party" && said.role !== "seller";
      const isMeasured = said.role === "platform" && said.about === "files";
      expect(gradeOfRun(said) === "third_party").toBe(isBound && isIndependent && !isMeasured);
    }),
  );
});

test("only the platform's own run of exact files is measured here: what may change is at most third-party", () => {
  fc.assert(
    fc.property(facts, (said) => {
      if (gradeOfRun(said) === "platform_measured")
        expect(said).toMatchObject({ role: "platform", about: "files" });
    }),
  );
});
