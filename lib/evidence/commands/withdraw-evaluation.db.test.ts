import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { listedLimitationSchema, sortLimitations } from "@/lib/catalogue/limitation";
import type { ListingInput } from "@/lib/catalogue/listing";
import { openPerson } from "@/lib/accounts/person.fixture";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { openHeldKey } from "./held-key";
import { withdrawnEnvelopeOf } from "@/lib/statements/kinds";
import { signWith } from "./platform-key";
import { findEvaluationPage } from "../queries/evaluation-page";
import { listListingEvaluations } from "../queries/listing-evaluations";
import { statementBytes } from "@/lib/statements/statement";
import { withdrawalStatement } from "@/lib/statements/withdrawal-statement";
import { birdsFrom, evaluate, fileOfBirds, listPenguins } from "@/lib/selling/penguins.fixture";
import { replyToEvaluation } from "./reply-to-evaluation";
import { handInEnvelope } from "./hand-in-envelope";
import { recordEnvelope } from "./record-envelope";
import { restateClaims } from "./restate-claims";
import { withdrawEvaluation } from "./withdraw-evaluation";

beforeAll(openInstallation);

const REASON = "Our labels were wrong in every second row.";
const code = (text: string) => expect.objectContaining({ code: text });

async function listed(limitations: ListingInput["limitations"] = []) {
  const { actor: seller } = await openPerson("Seller");
  return { seller, ...(await listPenguins(seller, limitations)) };
}

let birds = 0;

/** 200 rows of their own with so many right answers, by an independent evaluator who has signed them. */
async function evaluatedBy(evaluator: Actor, slug: string, right: number): Promise<string> {
  return evaluate(evaluator, slug, fileOfBirds(await birdsFrom((birds += 200), 200, right)));
}

async function evaluated(right = 190) {
  const listing = await listed();
  const { actor: evaluator } = await openPerson("Evaluator", { roles: ["evaluator"] });
  return { ...listing, evaluator, evaluationId: await evaluatedBy(evaluator, listing.slug, right) };
}

const gradeOf = async (listingId: string) =>
  (await db.listing.findUniqueOrThrow({ where: { id: listingId } })).evidenceGrade;

/** The statement of a withdrawal as the page's form would have it signed. */
async function factsOf(evaluationId: string, accountId: string, reason = REASON) {
  const { envelope } = await db.evaluation.findUniqueOrThrow({
    where: { id: evaluationId },
    include: { envelope: true },
  });
  if (!envelope) throw new Error("This evaluation is not signed.");
  const { sha256: withdraws, subjects } = envelope;
  return { accountId, withdraws, subjects, reason, at: new Date().toISOString() };
}

async function signedBy(actor: Actor, facts: Awaited<ReturnType<typeof factsOf>>): Promise<string> {
  const key = await openHeldKey({
    name: `test-${actor.handle}`,
    accountId: actor.accountId,
    label: "Test",
  });
  return signWith(key, statementBytes(withdrawalStatement(facts)));
}

test("a withdrawn evaluation stays to be seen with its reason, and its listing is judged without it", async () => {
  const { listingId, evaluator, evaluationId } = await evaluated();
  expect(await gradeOf(listingId)).toBe("third_party");
  await withdrawEvaluation(evaluator, { evaluationId, reason: REASON });
  expect(await gradeOf(listingId)).toBe("claimed");
  const [shown] = await listListingEvaluations(listingId);
  expect(shown).toMatchObject({ id: evaluationId, withdrawal: { reason: REASON } });
  const timeline = await db.timelineEvent.findMany({ where: { listingId, kind: "withdrawn" } });
  expect(timeline).toHaveLength(1);
});

test("a limitation has the figure of the run that leads, of what it names alone; none is stated anew when runs come and go", async () => {
  const recall = (label: string) => ({ quantity: "recall" as const, class: label });
  const { listingId, slug } = await listed([
    { type: "low_recall", measures: recall("Gentoo"), condition: "One in five passes." },
    { type: "low_recall", measures: recall("Adelie") },
    { type: "html_input", measures: { quantity: "accuracy", slice: "html", name: "HTML" } },
  ]);
  const stated = await inTransaction((tx) =>
    restateClaims(tx, listingId, { method: "session", session: "s" }),
  );
  expect(stated).toBe(4);
  const figures = async () => {
    const rows = await db.listingLimitation.findMany({ where: { listingId } });
    const shown = sortLimitations(rows.map((row) => listedLimitationSchema.parse(row)));
    return shown.map(({ measures, figure }) => [
      measures && "class" in measures ? measures.class : "html",
      figure && [figure.k, figure.n, figure.evaluationId],
    ]);
  };
  const none = [...["Gentoo", "Adelie"].map((label) => [label, null]), ["html", null]];
  const sorted = (rows: unknown[][]) => rows.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
  expect(sorted(await figures())).toEqual(sorted(none));
  const { actor: evaluator } = await openPerson("Evaluator", { roles: ["evaluator"] });
  const first = await evaluatedBy(evaluator, slug, 150);
  const second = await evaluatedBy(evaluator, slug, 120);
  const of = (right: number, evaluationId: string) =>
    sorted([
      ["Adelie", [right / 2, 100, evaluationId]],
      ["html", null],
      ["Gentoo", [right / 2, 100, evaluationId]],
    ]);
  // Of two runs alike the newer leads.
  expect(sorted(await figures())).toEqual(of(120, second));
  await withdrawEvaluation(evaluator, { evaluationId: second, reason: REASON });
  expect(sorted(await figures())).toEqual(of(150, first));
  await withdrawEvaluation(evaluator, { evaluationId: first, reason: REASON });
  expect(sorted(await figures())).toEqual(sorted(none));
  expect(await inTransaction((tx) => restateClaims(tx, listingId, { method: "session", session: "s" }))).toBe(
    0,
  );
});

test("the withdrawal is a statement of its own in the log that names what it takes back", async () => {
  const { evaluator, evaluationId } = await evaluated();
  await withdrawEvaluation(evaluator, { evaluationId, reason: REASON });
  const { envelopeSha256: withdrawn } = await db.evaluation.findUniqueOrThrow({
    where: { id: evaluationId },
  });
  const { envelopeSha256 } = await db.evaluationWithdrawal.findUniqueOrThrow({ where: { evaluationId } });
  const { body, subjects } = await db.envelope.findUniqueOrThrow({ where: { sha256: envelopeSha256 } });
  const { payload } = JSON.parse(body) as { payload: string };
  expect(withdrawnEnvelopeOf(JSON.parse(atob(payload)))).toBe(withdrawn);
  expect(subjects).toContain(withdrawn);
  expect(await db.logPending.count({ where: { envelopeSha256 } })).toBe(1);
});

test("with a key of their own the signer signs exactly the reason written, and nothing else is taken", async () => {
  const { evaluator, evaluationId } = await evaluated();
  const facts = await factsOf(evaluationId, evaluator.accountId, `${REASON}\r\nSorry.`);
  const other = await signedBy(evaluator, { ...facts, reason: "Something else altogether." });
  await expect(
    withdrawEvaluation(evaluator, { evaluationId, reason: facts.reason, envelope: other }),
  ).rejects.toEqual(code("signed_something_else"));
  const envelope = await signedBy(evaluator, facts);
  await withdrawEvaluation(evaluator, { evaluationId, reason: facts.reason, envelope });
  const { reason } = await db.evaluationWithdrawal.findUniqueOrThrow({ where: { evaluationId } });
  expect(reason).toBe(`${REASON}\nSorry.`);
});

test("nobody but its signer withdraws it: not a stranger, not the seller whom it hurts, who may answer", async () => {
  const { listingId, seller, evaluator, evaluationId } = await evaluated(40);
  const { actor: stranger } = await openPerson("Stranger", { roles: ["moderator", "administrator"] });
  for (const other of [stranger, seller]) {
    await expect(withdrawEvaluation(other, { evaluationId, reason: REASON })).rejects.toEqual(
      code("not_found"),
    );
    expect((await findEvaluationPage(other, evaluationId))?.withdrawal).toBeNull();
    const facts = await factsOf(evaluationId, other.accountId);
    const envelope = await signedBy(other, facts);
    await expect(inTransaction((tx) => recordEnvelope(tx, envelope))).rejects.toEqual(code("signer_may_not"));
    await expect(handInEnvelope(envelope, null)).rejects.toEqual(code("signer_may_not"));
  }
  await replyToEvaluation(seller, { evaluationId, body: REASON });
  expect(await db.evaluationWithdrawal.count({ where: { evaluationId } })).toBe(0);
  expect((await findEvaluationPage(evaluator, evaluationId))?.withdrawal).not.toBeNull();
  expect(await listListingEvaluations(listingId)).toHaveLength(1);
});

test("of several withdrawals at once one stands, with one statement, and none comes after it", async () => {
  const { listingId, evaluator, evaluationId } = await evaluated();
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, () => withdrawEvaluation(evaluator, { evaluationId, reason: REASON })),
  );
  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  expect(refused).toHaveLength(5);
  for (const reason of refused) expect(reason).toEqual(code("withdrawn_already"));
  expect(await db.timelineEvent.count({ where: { listingId, kind: "withdrawn" } })).toBe(1);
  await expect(
    db.evaluationWithdrawal.update({ where: { evaluationId }, data: { reason: "" } }),
  ).rejects.toThrow();
  await expect(db.evaluationWithdrawal.deleteMany({ where: { evaluationId } })).rejects.toThrow();
});

test("a withdrawal handed in from the command line has the same effect, once", async () => {
  const { listingId, evaluator, evaluationId } = await evaluated();
  const envelope = await signedBy(evaluator, await factsOf(evaluationId, evaluator.accountId));
  const first = await handInEnvelope(envelope, null);
  expect(await handInEnvelope(envelope, null)).toEqual(first);
  expect(await gradeOf(listingId)).toBe("claimed");
  await expect(withdrawEvaluation(evaluator, { evaluationId, reason: REASON })).rejects.toEqual(
    code("withdrawn_already"),
  );
  expect(await db.evaluationWithdrawal.findUniqueOrThrow({ where: { evaluationId } })).toMatchObject({
    envelopeSha256: first.envelope,
  });
});

test("what stands of others keeps its grade when one of two evaluators withdraws", async () => {
  const { listingId, slug, evaluator, evaluationId } = await evaluated();
  const { actor: second } = await openPerson("Second", { roles: ["evaluator"] });
  const otherId = await evaluatedBy(second, slug, 188);
  expect(await gradeOf(listingId)).toBe("reproduced");
  await withdrawEvaluation(evaluator, { evaluationId, reason: REASON });
  expect(await gradeOf(listingId)).toBe("third_party");
  const grades = (await listListingEvaluations(listingId)).map(({ id, grade }) => [id, grade]);
  expect(new Map(grades as [string, string][])).toEqual(
    new Map([
      [evaluationId, "third_party"],
      [otherId, "third_party"],
    ]),
  );
});
