import { expect, test } from "vitest";
import { type LoggedStatement, completenessOf, statementsAbout } from "./completeness";
import { completenessText } from "./completeness-text";
import { answerKind } from "./kinds/answer";
import { limitationKind } from "./kinds/limitation";
import { revocationKind } from "./kinds/revocation";
import { rulingKind } from "./kinds/ruling";
import { makeStatement } from "./statement";

const hex = (character: string) => character.repeat(64);
const MODEL = hex("a");
const OTHER_MODEL = hex("b");
const AT = "2026-11-22T10:00:00.000Z";

const limitation = (seller: string) => ({
  seller,
  listing: "listing",
  statedAt: AT,
  limitation: {
    type: "old_data",
    severity: "minor",
    presence: "present",
    condition: "",
    measures: null,
  },
});

function claim(envelope: string, seller: string, model = MODEL): LoggedStatement {
  const statement = makeStatement(limitationKind.predicateType, [{ sha256: model }], limitation(seller));
  return { envelope: hex(envelope), keyId: hex("0"), statement };
}

function ruling(envelope: string, outcome: "release" | "refund"): LoggedStatement {
  const predicate = { deal: "d", dispute: "x", moderator: "m", outcome, commitments: [], at: AT };
  const subjects = [{ sha256: hex("7") }, { sha256: MODEL }];
  const statement = makeStatement(rulingKind.predicateType, subjects, predicate);
  return { envelope: hex(envelope), keyId: hex("9"), statement };
}

function revocation(envelope: string, account: string, withdraws: string, subject = MODEL): LoggedStatement {
  const signer = { role: "account" as const, account };
  const predicate = { signer, withdraws: hex(withdraws), reason: "It was wrong.", at: AT };
  const statement = makeStatement(revocationKind.predicateType, [{ sha256: subject }], predicate);
  return { envelope: hex(envelope), keyId: hex("0"), statement };
}

function answer(envelope: string, answers: string, subject = MODEL): LoggedStatement {
  const predicate = { seller: "s", listing: "l", answers: hex(answers), body: "Not so.", statedAt: AT };
  const statement = makeStatement(answerKind.predicateType, [{ sha256: subject }], predicate);
  return { envelope: hex(envelope), keyId: hex("0"), statement };
}

test("statements are those that name the files, and those that take back or answer one of them", () => {
  const log = [
    claim("1", "ann"),
    claim("2", "bob", OTHER_MODEL),
    revocation("3", "ann", "1", hex("1")),
    answer("4", "1", hex("1")),
    revocation("5", "bob", "2", hex("2")),
  ];
  const about = statementsAbout(MODEL, log);
  expect(about.map(({ envelope }) => envelope)).toEqual([hex("1"), hex("3"), hex("4")]);
  expect(statementsAbout(hex("e"), log)).toEqual([]);
});

test("adverse statements are counted, and stay counted after an answer", () => {
  const found = completenessOf([ruling("1", "refund"), ruling("2", "release"), answer("3", "1")]);
  expect(found).toMatchObject({ total: 3, adverse: 1, withdrawn: 0 });
  expect(found.statements[0]).toMatchObject({ adverse: true, withdrawnBy: null, answeredBy: [hex("3")] });
  expect(found.statements[1]).toMatchObject({ adverse: false, answeredBy: [] });
});

test("a withdrawal counts only from whoever spoke, and hides nothing", () => {
  const byStranger = completenessOf([claim("1", "ann"), revocation("2", "bob", "1")]);
  expect(byStranger).toMatchObject({ total: 2, withdrawn: 0 });
  const byItself = completenessOf([claim("1", "ann"), revocation("2", "ann", "1")]);
  expect(byItself).toMatchObject({ total: 2, withdrawn: 1 });
  expect(byItself.statements[0]).toMatchObject({ withdrawnBy: hex("2") });
});

test("nobody takes back what the platform said", () => {
  const found = completenessOf([ruling("1", "refund"), revocation("2", "m", "1")]);
  expect(found).toMatchObject({ adverse: 1, withdrawn: 0 });
});

test("the first withdrawal of several is the one shown, and taking a withdrawal back revives nothing", () => {
  const found = completenessOf([
    claim("1", "ann"),
    revocation("2", "ann", "1"),
    revocation("3", "ann", "1"),
    revocation("4", "ann", "2"),
  ]);
  expect(found.statements[0]).toMatchObject({ withdrawnBy: hex("2") });
  expect(found).toMatchObject({ total: 4, withdrawn: 2 });
});

test("a statement that was taken back tens of thousands of times is counted in a moment", () => {
  const many = Array.from({ length: 60_000 }, () => revocation("2", "ann", "1"));
  const started = performance.now();
  expect(completenessOf([claim("1", "ann"), ...many])).toMatchObject({ total: 60_001, withdrawn: 1 });
  expect(performance.now() - started).toBeLessThan(4_000);
});

test("the sentence names all three numbers, and none where nothing is logged", () => {
  expect(completenessText({ total: 4, adverse: 1, withdrawn: 0 })).toBe(
    "All 4 statements about these files: 1 adverse, 0 withdrawn",
  );
  expect(completenessText({ total: 1, adverse: 0, withdrawn: 0 })).toBe(
    "The 1 statement about these files: 0 adverse, 0 withdrawn",
  );
  expect(completenessText({ total: 0, adverse: 0, withdrawn: 0 })).toMatch(/^No statement/);
});
