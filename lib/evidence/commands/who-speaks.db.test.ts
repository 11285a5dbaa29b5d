import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { openPerson } from "@/lib/accounts/person.fixture";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { contributionKind } from "@/lib/statements/kinds/contribution";
import type { EvaluationPredicate } from "@/lib/statements/kinds/evaluation";
import { type RolePredicate, roleKind } from "@/lib/statements/kinds/role";
import { replyStatement } from "@/lib/statements/reply-statement";
import { type Statement, makeStatement } from "@/lib/statements/statement";
import { adverseStatement, usageStatement } from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { statementOf } from "../logged-entry";
import { type Signer, letDraft, letSell, openSigner } from "../signer.fixture";
import { grantRole, revokeRole } from "./change-role";
import { recordEnvelope } from "./record-envelope";
import { recordFromOutside } from "./record-from-outside";

const [MODEL, OTHER] = ["a".repeat(64), "c".repeat(64)];
const AT = "2026-11-01T10:00:00.000Z";
const code = (text: string) => expect.objectContaining({ code: text });
let ada: Signer;
let bob: Signer;
let eve: Signer;

beforeAll(async () => {
  await openInstallation();
  [ada, bob] = [await openSigner("Ada"), await openSigner("Bob")];
  eve = await openSigner("Eve", { roles: ["evaluator"] });
});

/** At the door for strangers, and where commands record what a browser signed. */
const entrances = [
  ["from outside", recordFromOutside],
  ["in a command", (text: string) => inTransaction((tx) => recordEnvelope(tx, text))],
] as const;

const about = (statement: Statement, ...digests: string[]): Statement => ({
  ...statement,
  subject: digests.map((sha256) => ({ digest: { sha256 } })),
});
const replyTo = (account: string, answers: string, subject = MODEL) =>
  replyStatement({
    ...{ sellerId: account, listingId: "a-listing", answers, subjects: [subject] },
    ...{ body: "These rows are old.", at: AT },
  });
const contribution = (seller: string, named: string, more: object) =>
  makeStatement(contributionKind.predicateType, [{ sha256: MODEL }], {
    ...{ seller, listing: "a-listing", statedAt: AT, contribution: "labels", shareBasisPoints: 100 },
    contributor: { account: named },
    ...more,
  });

describe.each(entrances)("%s", (_, record) => {
  test("a seller speaks of every subject they sell, and of no other", async () => {
    await record(await ada.sign(usageStatement(ada.accountId, MODEL, 1)));
    for (const statement of [
      usageStatement(ada.accountId, OTHER),
      about(usageStatement(ada.accountId, MODEL), MODEL, OTHER),
      adverseStatement(ada.accountId, OTHER, "seller"),
    ])
      await expect(record(await ada.sign(statement))).rejects.toEqual(code("not_seller"));
  });

  test("evidence is answered by who sells what it is about", async () => {
    const files = hexDigest(randomUUID());
    const text = await eve.sign(about(adverseStatement(eve.accountId, MODEL), files));
    await record(text);
    const address = hexDigest(text);
    await expect(record(await ada.sign(replyTo(ada.accountId, address)))).rejects.toEqual(code("not_seller"));
    await letSell(ada.accountId, files);
    await record(await ada.sign(replyTo(ada.accountId, address, files)));
    await expect(record(await ada.sign(replyTo(ada.accountId, "0".repeat(64))))).rejects.toEqual(
      code("answered_unknown"),
    );
  });

  test("a draft lets its seller measure what it holds, and say nothing else as the seller", async () => {
    const files = hexDigest(randomUUID());
    const mallory = await openSigner("Mallory");
    await letDraft(mallory.accountId, files);
    await letSell(ada.accountId, files);
    const evidence = await eve.sign(about(adverseStatement(eve.accountId, MODEL), files));
    await record(evidence);
    await record(await mallory.sign(adverseStatement(mallory.accountId, files, "seller")));
    for (const statement of [
      replyTo(mallory.accountId, hexDigest(evidence), files),
      usageStatement(mallory.accountId, files),
      about(contribution(mallory.accountId, bob.accountId, { stance: "stated" }), files),
    ])
      await expect(record(await mallory.sign(statement))).rejects.toEqual(code("not_seller"));
    await record(await ada.sign(replyTo(ada.accountId, hexDigest(evidence), files)));
  });

  test("a claim takes the place of its own seller's claims, and of nobody else's", async () => {
    const stated = { stance: "stated", contribution: "rows" };
    const claim = await ada.sign(contribution(ada.accountId, bob.accountId, stated));
    await record(claim);
    const instead = (seller: string) =>
      contribution(seller, eve.accountId, { ...stated, replaces: hexDigest(claim) });
    await expect(record(await bob.sign(instead(bob.accountId)))).rejects.toEqual(code("not_its_speaker"));
    await record(await ada.sign(instead(ada.accountId)));
    const unknown = { ...stated, replaces: "0".repeat(64) };
    const ofNothing = contribution(ada.accountId, eve.accountId, unknown);
    await expect(record(await ada.sign(ofNothing))).rejects.toEqual(code("answered_unknown"));
  });

  test("a claim of a contribution is confirmed by who it names", async () => {
    const claim = await ada.sign(contribution(ada.accountId, bob.accountId, { stance: "stated" }));
    await record(claim);
    const stance = (account: string) =>
      contribution(ada.accountId, account, { stance: "confirmed", answers: hexDigest(claim) });
    await expect(record(await eve.sign(stance(eve.accountId)))).rejects.toEqual(code("not_named"));
    await record(await bob.sign(stance(bob.accountId)));
  });

  test("what contradicts itself is refused by its own name, and nothing is kept of it", async () => {
    const statement = structuredClone(adverseStatement(ada.accountId, MODEL, "seller"));
    (statement.predicate as EvaluationPredicate).showsNiche = true;
    const text = await ada.sign(statement);
    await expect(record(text)).rejects.toEqual(code("niche_differs"));
    const ahead = usageStatement(ada.accountId, MODEL, 2);
    (ahead.predicate as { to: string }).to = "2999-01-01T00:00:00.000Z";
    await expect(record(await ada.sign(ahead))).rejects.toEqual(code("date_ahead"));
    expect(await db.envelope.count({ where: { sha256: hexDigest(text) } })).toBe(0);
  });
});

test("an evaluator of what they sell themselves, or are about to, is none", async () => {
  const own = await openSigner("Own", { roles: ["evaluator"] });
  const drafted = hexDigest(randomUUID());
  await letSell(own.accountId, OTHER);
  await letDraft(own.accountId, drafted);
  for (const model of [OTHER, drafted])
    await expect(recordFromOutside(await own.sign(adverseStatement(own.accountId, model)))).rejects.toEqual(
      code("own_model"),
    );
});

const rolesOf = async (accountId: string) => {
  const rows = await db.envelope.findMany({
    where: { predicateType: roleKind.predicateType },
    orderBy: { createdAt: "asc" },
  });
  return rows
    .map(({ body }) => statementOf(body)?.statement.predicate as RolePredicate)
    .filter(({ account }) => account === accountId)
    .map(({ role, until }) => [role, until === null ? "lasts" : "ended"]);
};

test("that somebody is an evaluator is in the log with the role, and that they are none with its end", async () => {
  const root = await openPerson("Root", { roles: ["administrator"] });
  const ian = await openSigner("Ian", { roles: [] });
  const change = { handle: ian.handle, role: "evaluator" as const, reason: "asked to measure" };
  const measured = (n: string) => ian.sign(about(adverseStatement(ian.accountId, MODEL), n.repeat(64)));
  await grantRole(root.actor, change);
  await recordFromOutside(await measured("1"));
  await revokeRole(root.actor, change);
  expect(await rolesOf(ian.accountId)).toEqual([
    ["seller", "lasts"],
    ["evaluator", "lasts"],
    ["evaluator", "ended"],
  ]);
  await expect(recordFromOutside(await measured("2"))).rejects.toEqual(code("grade_refused"));
  await expect(inTransaction(async (tx) => recordEnvelope(tx, await measured("2")))).rejects.toEqual(
    code("not_evaluator"),
  );
  await grantRole(root.actor, change);
  await recordFromOutside(await measured("2"));
  expect((await rolesOf(ian.accountId)).at(-1)).toEqual(["evaluator", "lasts"]);
});

test("what somebody is comes before what they say as such, once, also of many at the same moment", async () => {
  const kim = await openSigner("Kim", { roles: ["evaluator"] });
  const texts = await Promise.all(
    ["3", "4", "5", "6"].map((n) => kim.sign(about(adverseStatement(kim.accountId, MODEL), n.repeat(64)))),
  );
  await Promise.all(texts.map((text) => recordFromOutside(text)));
  expect(await rolesOf(kim.accountId)).toEqual([["evaluator", "lasts"]]);
  const { envelopeSha256 } = await db.statedRole.findFirstOrThrow({ where: { accountId: kim.accountId } });
  const order = await db.logPending.findMany({
    where: { envelopeSha256: { in: [envelopeSha256, ...texts.map(hexDigest)] } },
    orderBy: { id: "asc" },
  });
  expect(order).toHaveLength(5);
  expect(order[0]?.envelopeSha256).toBe(envelopeSha256);
});

test("the database refuses to change or delete what was stated of a role", async () => {
  await expect(db.statedRole.updateMany({ data: { accountId: "x" } })).rejects.toThrow();
  await expect(db.statedRole.deleteMany({})).rejects.toThrow();
});
