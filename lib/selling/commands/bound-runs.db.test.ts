import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { openPerson } from "@/lib/accounts/person.fixture";
import { openHeldKey } from "@/lib/evidence/commands/held-key";
import { recordEnvelope } from "@/lib/evidence/commands/record-envelope";
import { recordFromOutside } from "@/lib/evidence/commands/record-from-outside";
import { recordPlatformEvaluation } from "@/lib/evidence/commands/record-run";
import { refreshStanding } from "@/lib/evidence/commands/refresh-standing";
import { listListingEvaluations } from "@/lib/evidence/queries/listing-evaluations";
import { MARKS_PURPOSE, markInputs } from "@/lib/inference/input-marks";
import { columnSlice, columnValues } from "@/lib/measurement/slice";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { derivedKey } from "@/lib/platform/master-key";
import { replyStatement } from "@/lib/statements/reply-statement";
import { sentenceText } from "@/lib/statements/sentence";
import { signFor } from "../claims.fixture";
import { type Bird, birdsFrom, draftOfBirds, evaluate, fileOfBirds, listPenguins } from "../penguins.fixture";
import { readRefusal } from "@/lib/shared/refusal-table";
import { listDraftEvaluations } from "../queries/own-evaluations";
import { publishDraft } from "./publish-draft";
import { signEvaluation } from "./sign-evaluation";
import { submitEvaluation } from "./submit-evaluation";

beforeAll(openInstallation);

const refusal = (code: string) => expect.objectContaining({ code });
const evaluatorCalled = async (name: string) => (await openPerson(name, { roles: ["evaluator"] })).actor;
const listed = async () => listPenguins((await openPerson("Seller")).actor);
const gradeOf = async (listingId: string) =>
  (await db.listing.findUniqueOrThrow({ where: { id: listingId } })).evidenceGrade;

async function shown(listingId: string, evaluationId: string) {
  const found = (await listListingEvaluations(listingId)).find(({ id }) => id === evaluationId);
  if (!found) throw new Error("This evaluation is not shown.");
  return { ...found, words: [found.headline, ...found.facts].map(sentenceText).join(" ") };
}

/** The platform's own run of the listed files. */
async function measureHere(
  { listingId, modelDigest }: { listingId: string; modelDigest: string },
  birds: Bird[],
) {
  const at = await currentTime();
  const rows = birds.map(({ label, prediction, confidence }, index) => {
    return { label, prediction, confidence, columns: columnValues([["short", String(index % 4 < 2)]]) };
  });
  const inputs = birds.map(({ flipper, mass }) => [flipper, mass]);
  return inTransaction((tx) =>
    recordPlatformEvaluation(tx, {
      ...{ listingId, modelDigest, rows, runtime: null, startedAt: at, finishedAt: at },
      dataSet: { name: "Birds held here", use: "attestation", observedFrom: null, observedTo: null },
      slices: [columnSlice("short", "true")],
      marks: markInputs(inputs, derivedKey(MARKS_PURPOSE)),
    }),
  );
}

test("an independent evaluator's answers that come out the same on the same inputs are third-party evidence of the files", async () => {
  const { listingId, slug } = await listed();
  const id = await evaluate(await evaluatorCalled("Eva"), slug, fileOfBirds(await birdsFrom(0, 120, 114)));
  const row = await db.evaluation.findUniqueOrThrow({ where: { id } });
  expect(row).toMatchObject({
    grade: "third_party",
    binding: { kind: "reran_here", rows: 120, flips: 0, tolerance: "0.00001" },
  });
  const { grade, words } = await shown(listingId, id);
  expect(grade).toBe("third_party");
  expect(words).toContain("came out the same when these exact files");
  expect(await gradeOf(listingId)).toBe("third_party");
});

test("thirty invented rows with one label raise nothing, and read as their speaker's word", async () => {
  const { listingId, slug, modelDigest } = await listed();
  await measureHere({ listingId, modelDigest }, await birdsFrom(0, 200, 190));
  const lines = Array.from({ length: 30 }, () => "Gentoo,Gentoo,true");
  const file = new File([["label,prediction,short", ...lines].join("\n")], "rows.csv");
  const id = await evaluate(await evaluatorCalled("Eva"), slug, file);
  expect(await gradeOf(listingId)).toBe("platform_measured");
  const { grade, gradeText, words } = await shown(listingId, id);
  expect([grade, gradeText]).toEqual([
    "seller_signed",
    "The speaker’s word: the answers were not tied to the files",
  ]);
  expect(words).not.toMatch(/exact files|were run/);
  expect(words).toContain("no column flipper_length, body_mass");
});

test("answers without inputs are their speaker's word whoever signs, and somebody else's word judges no listing", async () => {
  const { listingId, slug } = await listed();
  const file = fileOfBirds(await birdsFrom(0, 200), { hasInputs: false });
  const id = await evaluate(await evaluatorCalled("Eva"), slug, file);
  expect((await shown(listingId, id)).grade).toBe("seller_signed");
  expect(await gradeOf(listingId)).toBe("claimed");
});

test("answers that the files do not give are refused with the first rows that differ, and nothing is kept", async () => {
  const { listingId, slug } = await listed();
  const evaluator = await evaluatorCalled("Eva");
  const birds = await birdsFrom(0, 40);
  birds[6] = { ...birds[6]!, prediction: "Chinstrap" };
  birds[9] = { ...birds[9]!, confidence: birds[9]!.confidence - 0.001 };
  const brought = {
    slug,
    dataSetName: "Changed birds",
    outputColumns: [],
    thresholds: [],
    found: "not_said" as const,
    file: fileOfBirds(birds),
  };
  const error = await submitEvaluation(evaluator, brought).catch((caught: unknown) => caught);
  expect(error).toEqual(refusal("answers_differ"));
  const table = readRefusal((error as Error).message);
  expect(table?.sentence).toContain("2 rows otherwise, 1 by another class");
  expect(table?.rows.map(([row, said]) => [row, said?.slice(0, 9)])).toEqual([
    ["7", "Chinstrap"],
    ["10", expect.any(String)],
  ]);
  expect(await db.evaluation.count({ where: { listingId } })).toBe(0);
  expect(await db.storedFile.count({ where: { ownerId: evaluator.accountId } })).toBe(0);
});

test("labels and predictions that the model does not have are refused with the difference", async () => {
  const { slug } = await listed();
  const lines = ["King,Gentoo", "King,Gentoo", "Gentoo,Emperor", "Adelie,Adelie"];
  const file = new File([["label,prediction", ...lines].join("\n")], "rows.csv");
  const brought = {
    slug,
    dataSetName: "Other birds",
    outputColumns: [],
    thresholds: [],
    found: "not_said" as const,
    file,
  };
  const error = await submitEvaluation(await evaluatorCalled("Eva"), brought).catch(
    (caught: unknown) => caught,
  );
  expect(error).toEqual(refusal("unknown_classes"));
  expect(readRefusal((error as Error).message)?.rows).toEqual([
    ["King", "2", "0"],
    ["Emperor", "0", "1"],
  ]);
});

test("a seller's own rows that come out the same stay signed by the seller, and say that they were re-run", async () => {
  const { actor: seller } = await openPerson("Seller");
  const { evaluationId, message } = await draftOfBirds(seller, fileOfBirds(await birdsFrom(0, 60)), "before");
  expect(message).toContain("all 60 rows came out the same");
  expect(await db.evaluation.findUniqueOrThrow({ where: { id: evaluationId } })).toMatchObject({
    grade: "seller_signed",
    binding: { kind: "reran_here" },
  });
});

test("whoever puts a rival's public files into a draft and signs it cannot answer the evidence about them", async () => {
  const { actor: seller } = await openPerson("Seller");
  const { slug, modelDigest } = await listPenguins(seller);
  const measured = await evaluate(
    await evaluatorCalled("Eva"),
    slug,
    fileOfBirds(await birdsFrom(0, 120, 114)),
  );
  const { envelopeSha256 } = await db.evaluation.findUniqueOrThrow({ where: { id: measured } });
  const { actor: rival } = await openPerson("Rival");
  const { evaluationId } = await draftOfBirds(rival, fileOfBirds(await birdsFrom(500, 60)), "before");
  await signEvaluation(rival, { evaluationId });
  const roles = () => db.statedRole.findMany({ where: { accountId: rival.accountId } });
  expect(await roles()).toMatchObject([{ role: "drafter", sells: modelDigest }]);
  const replyBy = (actor: Actor) =>
    signFor(
      actor,
      replyStatement({
        ...{ sellerId: actor.accountId, listingId: "l", answers: envelopeSha256 ?? "" },
        ...{ subjects: [modelDigest], body: "These rows are old.", at: new Date().toISOString() },
      }),
    );
  const byRival = await replyBy(rival);
  await expect(recordFromOutside(byRival)).rejects.toThrow(refusal("not_seller"));
  await expect(inTransaction((tx) => recordEnvelope(tx, byRival))).rejects.toThrow(refusal("not_seller"));
  expect(await roles()).toHaveLength(1);
  await recordFromOutside(await replyBy(seller));
});

test("a file that comes after the rows is held against them when they are signed and when they are published", async () => {
  const { actor: seller } = await openPerson("Seller");
  const rows = new File(["label,prediction\nKing,King\nGentoo,Gentoo\n"], "r.csv");
  const { draftId, evaluationId } = await draftOfBirds(seller, rows, "after");
  expect(await listDraftEvaluations(seller, draftId)).toMatchObject([
    { toSign: { state: "not_yet", reason: expect.stringContaining("King\t1\t1") } },
  ]);
  await expect(signEvaluation(seller, { evaluationId })).rejects.toThrow(refusal("unknown_classes"));
  const niche = {
    task: "tabular-classification",
    domain: "biology",
    languages: "zxx",
    declaredLevel: "0.80",
  };
  const fields = { ...niche, title: "Penguins", contact: "me@example.com" };
  const parts = { weights: { pricing: "one_off", price: "5" } };
  await db.listingDraft.update({ where: { id: draftId }, data: { fields: { ...fields, parts } } });
  await expect(publishDraft(seller, { draftId })).rejects.toThrow(refusal("unknown_classes"));
});

test("two bound runs by unlinked parties on rows of different origin make a listing reproduced; when one differs both are shown", async () => {
  for (const [right, grade] of [
    [190, "reproduced"],
    [120, "third_party"],
  ] as const) {
    const { listingId, slug } = await listed();
    const one = await evaluate(await evaluatorCalled("Ada"), slug, fileOfBirds(await birdsFrom(0, 200, 190)));
    const other = await evaluate(
      await evaluatorCalled("Bob"),
      slug,
      fileOfBirds(await birdsFrom(500, 200, right)),
    );
    expect(await gradeOf(listingId)).toBe(grade);
    expect((await shown(listingId, one)).contradictedBy.map(({ evaluationId }) => evaluationId)).toEqual(
      right === 120 ? [other] : [],
    );
  }
});

test("the platform's own run confirms an evaluator's, but of a model that this installation trained it confirms nothing", async () => {
  for (const isDemo of [false, true]) {
    const listing = await listed();
    await db.listing.update({ where: { id: listing.listingId }, data: { isDemo } });
    await measureHere(listing, await birdsFrom(0, 200, 190));
    await evaluate(await evaluatorCalled("Eva"), listing.slug, fileOfBirds(await birdsFrom(500, 200, 190)));
    expect(await gradeOf(listing.listingId)).toBe(isDemo ? "platform_measured" : "reproduced");
  }
});

test("the same rows again, some of them among others, one row thirty times, or a handful reproduce nothing", async () => {
  const { listingId, slug } = await listed();
  const birds = await birdsFrom(0, 200, 190);
  await evaluate(await evaluatorCalled("Ada"), slug, fileOfBirds(birds));
  const fresh = await birdsFrom(500, 200, 190);
  const oneBird = Array<Bird>(30).fill(fresh[0]!);
  for (const again of [birds, [...fresh.slice(1), birds[0]!], oneBird, await birdsFrom(900, 12)]) {
    await evaluate(await evaluatorCalled("Bob"), slug, fileOfBirds(again));
    expect(await gradeOf(listingId)).toBe("third_party");
  }
  await evaluate(await evaluatorCalled("Cyd"), slug, fileOfBirds(fresh));
  expect(await gradeOf(listingId)).toBe("reproduced");
});

test("who shares in the proceeds later, and whose key this installation holds, is not independent any more", async () => {
  const { listingId, slug } = await listed();
  const [ada, bob] = [await evaluatorCalled("Ada"), await evaluatorCalled("Bob")];
  await evaluate(ada, slug, fileOfBirds(await birdsFrom(0, 200, 190)));
  await evaluate(bob, slug, fileOfBirds(await birdsFrom(500, 200, 190)));
  expect(await gradeOf(listingId)).toBe("reproduced");
  await openHeldKey({ name: `held-${bob.handle}`, accountId: bob.accountId, label: "Held here" });
  await inTransaction((tx) => refreshStanding(tx, listingId));
  expect(await gradeOf(listingId)).toBe("third_party");
  await db.contributorShare.create({
    data: { listingId, accountId: ada.accountId, name: "Ada", contribution: "", shareBasisPoints: 10_000 },
  });
  await inTransaction((tx) => refreshStanding(tx, listingId));
  expect(await gradeOf(listingId)).toBe("seller_signed");
});

test("a seller's second account, which is no evaluator, brings nothing", async () => {
  const { slug } = await listed();
  const { actor: second } = await openPerson("Second");
  const brought = {
    slug,
    dataSetName: "Own birds",
    outputColumns: [],
    thresholds: [],
    found: "not_said" as const,
    file: fileOfBirds(await birdsFrom(0, 40)),
  };
  await expect(submitEvaluation(second, brought)).rejects.toThrow(refusal("not_found"));
});

test("the database refuses a grade that does not follow, and a run of files where there are none", async () => {
  const { slug } = await listed();
  const file = fileOfBirds(await birdsFrom(0, 40), { hasInputs: false });
  const id = await evaluate(await evaluatorCalled("Eva"), slug, file);
  const { inputs: _, ...row } = {
    ...(await db.evaluation.findUniqueOrThrow({ where: { id } })),
    inputs: null,
  };
  const make = (change: object) =>
    db.evaluation.create({
      data: { ...row, ...change, id: undefined, summary: {}, runtime: {}, envelopeSha256: null } as never,
    });
  const bound = { kind: "reran_here", rows: row.n, flips: 0, flipsPerThousand: 0 };
  for (const grade of ["third_party", "platform_measured", "reproduced", "claimed"] as const)
    await expect(make({ grade })).rejects.toThrow(/Evaluation_grade_of_one_run/);
  await expect(make({ binding: bound })).rejects.toThrow(/Evaluation_grade_of_one_run/);
  await expect(make({ binding: { ...bound, rows: 1 }, grade: "third_party" })).rejects.toThrow(
    /Evaluation_binding/,
  );
  await expect(make({ binding: {}, grade: "third_party" })).rejects.toThrow(/Evaluation_binding/);
  await expect(make({ role: "seller" })).rejects.toThrow(/Evaluation_role/);
  await expect(make({ binding: bound, grade: "third_party", modelDigest: null })).rejects.toThrow(
    /Evaluation_bound_to_files/,
  );
  await expect(make({ binding: bound, grade: "third_party" })).resolves.toBeDefined();
});
