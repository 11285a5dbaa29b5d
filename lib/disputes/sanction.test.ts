import { expect, test } from "vitest";
import { requireAppealJudge, requireAppealable, requireUninvolved } from "./sanction";

const standing = { accountId: "seller", moderatorId: "moderator", liftedAt: null, hasAppeal: false };
const code = (expected: string) => expect.objectContaining({ code: expected });

test("only the account that is hit may appeal, once, while the sanction stands", () => {
  expect(() => requireAppealable(standing, "seller")).not.toThrow();
  expect(() => requireAppealable(standing, "stranger")).toThrow(code("not_found"));
  expect(() => requireAppealable({ ...standing, liftedAt: new Date(0) }, "seller")).toThrow(
    code("already_lifted"),
  );
  expect(() => requireAppealable({ ...standing, hasAppeal: true }, "seller")).toThrow(
    code("already_appealed"),
  );
});

test("an appeal is never decided by who imposed the sanction or whom it hit", () => {
  expect(() => requireAppealJudge(standing, "administrator")).not.toThrow();
  expect(() => requireAppealJudge(standing, "moderator")).toThrow(code("conflict_of_interest"));
  expect(() => requireAppealJudge(standing, "seller")).toThrow(code("conflict_of_interest"));
});

test("nobody moderates themselves", () => {
  expect(() => requireUninvolved("a", "a")).toThrow(code("conflict_of_interest"));
  expect(() => requireUninvolved("a", "b")).not.toThrow();
});
