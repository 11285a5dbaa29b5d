import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { limits } from "@/lib/accounts/limits";
import { race } from "@/lib/accounts/person.fixture";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { listQueuedMails } from "@/lib/platform/outbox.fixture";
import { readableText } from "@/lib/shared/readable-text.fixture";
import { claimStatement, stanceStatement } from "../claim";
import { leadingEnvelope, listStandingClaims } from "../records/claims";
import { findLogEntry } from "../queries/log-entry";
import { findClaimsToSign, listClaimsNaming } from "../queries/own-claims";
import { takeStance } from "./take-stance";
import {
  claimOf,
  claimingFields,
  makePerson,
  publishFields,
  reviseFields,
  signFor,
  statementIn,
} from "@/lib/selling/claims.fixture";
import { signClaims } from "./sign-claims";
import { restateClaims } from "./restate-claims";

const refusal = (code: string) => expect.objectContaining({ code });

let seller: Actor;
let named: Actor;
let stranger: Actor;

beforeAll(async () => {
  await openInstallation();
  [seller, named, stranger] = [
    await makePerson("seller"),
    await makePerson("named"),
    await makePerson("stranger"),
  ];
});

const publish = () => publishFields(seller, claimingFields(seller, named));
const namedKey = () => `account: ${named.accountId}`;

async function slugOf(listingId: string): Promise<string> {
  return (await db.listing.findUniqueOrThrow({ where: { id: listingId } })).slug;
}

test("publishing hands a statement of every claim to the log, agreed to in the seller's session", async () => {
  const listingId = await publish();
  const claims = await listStandingClaims(db, listingId);
  expect(claims.map(({ kind, key }) => `${kind} ${key}`).sort()).toEqual(
    [
      `contribution ${namedKey()}`,
      `contribution account: ${seller.accountId}`,
      "contribution name: Grandmother Unlisted",
      "data-origin training: Mails of May",
      "limitation html_input",
      "limitation long_input",
      "niche-claim niche",
    ].sort(),
  );
  const version = await db.modelVersion.findFirstOrThrow({ where: { id: claims[0]?.versionId } });
  for (const claim of claims) {
    const stated = leadingEnvelope(claim);
    expect(stated?.method).toBe("session");
    const statement = await statementIn(stated?.envelopeSha256 ?? "");
    expect(statement.subject[0]?.digest.sha256).toBe(version.modelDigest);
    expect(statement.predicate).toMatchObject({
      seller: seller.accountId,
      agreedBy: { method: "session", session: seller.sessionId },
      listing: listingId,
    });
    expect((await findLogEntry(stated?.envelopeSha256 ?? "")).state).toBe("waiting");
  }
});

test("neither a price nor a name of somebody without an account stands in a statement", async () => {
  const listingId = await publish();
  for (const claim of await listStandingClaims(db, listingId)) {
    const statement = await statementIn(leadingEnvelope(claim)?.envelopeSha256 ?? "");
    const text = readableText(JSON.stringify(statement));
    expect(text).not.toMatch(/98765|9876500|Grandmother|example\.com/);
  }
});

test("stating the same again states nothing, and a revision touches only what it changed", async () => {
  const listingId = await publish();
  const before = await listStandingClaims(db, listingId);
  const voice = { method: "session" as const, session: "another" };
  expect(await inTransaction((tx) => restateClaims(tx, listingId, voice))).toBe(0);
  await reviseFields(seller, listingId, (fields) => ({
    ...fields,
    declaredLevel: "0.95",
    limitations: { html_input: fields.limitations.html_input },
  }));
  const after = await listStandingClaims(db, listingId);
  const ids = (claims: typeof before) => claims.map(({ id }) => id);
  const kept = before.filter(({ key }) => key !== "niche" && key !== "long_input");
  expect(ids(after)).toEqual(expect.arrayContaining(ids(kept)));
  const niche = await claimOf(listingId, "niche");
  const old = before.find(({ key }) => key === "niche");
  expect(niche.replaces).toBe(old && leadingEnvelope(old)?.envelopeSha256);
  expect(niche.content).toMatchObject({ niche: { level: "0.95" } });
  const dropped = before.find(({ key }) => key === "long_input");
  expect(after.some(({ key }) => key === "long_input")).toBe(false);
  const withdrawal = await db.claimEnvelope.findFirstOrThrow({
    where: { claimId: dropped?.id, stance: "withdrawn" },
  });
  expect((await statementIn(withdrawal.envelopeSha256)).predicate).toMatchObject({
    withdraws: dropped && leadingEnvelope(dropped)?.envelopeSha256,
  });
});

test("other files make every claim be stated anew, about them", async () => {
  const listingId = await publish();
  const before = await listStandingClaims(db, listingId);
  await reviseFields(seller, listingId, (fields) => fields, "one more file");
  const after = await listStandingClaims(db, listingId);
  expect(after).toHaveLength(before.length);
  expect(new Set(after.map(({ subjectSha256 }) => subjectSha256)).size).toBe(1);
  expect(after[0]?.subjectSha256).not.toBe(before[0]?.subjectSha256);
  expect(after.every(({ replaces }) => replaces !== null)).toBe(true);
});

test("the seller signs all claims with one device's key, and those stand first", async () => {
  const listingId = await publish();
  const found = await findClaimsToSign(seller, await slugOf(listingId));
  expect(found?.unsigned).toHaveLength(7);
  const claims = await listStandingClaims(db, listingId);
  const envelopes = await Promise.all(claims.map((claim) => signFor(seller, claimStatement(claim))));
  const list = JSON.stringify(envelopes);
  await expect(signClaims(stranger, { listingId, envelopes: list })).rejects.toThrow(refusal("not_found"));
  await expect(signClaims(seller, { listingId, envelopes: "" })).rejects.toThrow(refusal("no_signature"));
  const { won } = await race([1, 2, 3].map(() => () => signClaims(seller, { listingId, envelopes: list })));
  expect(won).toBe(1);
  const signed = await listStandingClaims(db, listingId);
  expect(signed.every((claim) => leadingEnvelope(claim)?.method === "device_key")).toBe(true);
  expect(signed.every(({ envelopes: all }) => all.length === 2)).toBe(true);
  expect((await findClaimsToSign(seller, await slugOf(listingId)))?.unsigned).toEqual([]);
  expect(await findClaimsToSign(stranger, await slugOf(listingId))).toBeNull();
});

test("a signature over another claim than those shown is refused, and nothing is signed", async () => {
  const listingId = await publish();
  const niche = await claimOf(listingId, "niche");
  const other = { ...niche, content: { niche: { ...(niche.content.niche as object), level: "0.99" } } };
  const envelopes = JSON.stringify([
    await signFor(seller, claimStatement(niche)),
    await signFor(seller, claimStatement(other)),
  ]);
  await expect(signClaims(seller, { listingId, envelopes })).rejects.toThrow(
    refusal("signed_something_else"),
  );
  expect(leadingEnvelope(await claimOf(listingId, "niche"))?.method).toBe("session");
});

test("only the contributor a claim names confirms it, once even when asked many times at once", async () => {
  const listingId = await publish();
  const claim = await claimOf(listingId, namedKey());
  const answer = { claimId: claim.id, stance: "confirmed" as const };
  for (const other of [stranger, seller]) {
    await expect(takeStance(other, answer)).rejects.toThrow(refusal("not_found"));
    expect((await listClaimsNaming(other)).map(({ id }) => id)).not.toContain(claim.id);
  }
  expect((await listClaimsNaming(named)).map(({ id }) => id)).toContain(claim.id);
  const { won, codes } = await race([1, 2, 3, 4].map(() => () => takeStance(named, answer)));
  expect({ won, codes: new Set(codes) }).toEqual({ won: 1, codes: new Set(["answered_already"]) });
  const share = await db.contributorShare.findFirstOrThrow({
    where: { listingId, accountId: named.accountId },
  });
  expect(share.status).toBe("confirmed");
});

test("a contributor answers a claim twenty times, and the last answer stands", async () => {
  const { id: claimId } = await claimOf(await publish(), namedKey());
  for (let given = 0; given < limits.stancesOnClaim; given++)
    await takeStance(named, { claimId, stance: given % 2 === 0 ? "rejected" : "confirmed" });
  await expect(takeStance(named, { claimId, stance: "rejected" })).rejects.toThrow(refusal("limit_reached"));
  expect(await db.claimEnvelope.count({ where: { claimId, accountId: named.accountId } })).toBe(20);
});

test("a contributor signs with a key of their own, and a key of another account is refused", async () => {
  const listingId = await publish();
  const claim = await claimOf(listingId, namedKey());
  const answers = leadingEnvelope(claim)?.envelopeSha256 ?? "";
  const at = await currentTime();
  const statement = stanceStatement(claim, { stance: "rejected", answers, at });
  const input = { claimId: claim.id, stance: "rejected" as const };
  const foreign = await signFor(stranger, statement);
  await expect(takeStance(named, { ...input, envelope: foreign })).rejects.toThrow(refusal("signer_may_not"));
  const confirming = await signFor(named, stanceStatement(claim, { stance: "confirmed", answers, at }));
  await expect(takeStance(named, { ...input, envelope: confirming })).rejects.toThrow(
    refusal("signed_something_else"),
  );
  await takeStance(named, { ...input, envelope: await signFor(named, statement) });
  const kept = await db.claimEnvelope.findFirstOrThrow({ where: { claimId: claim.id, stance: "rejected" } });
  expect(kept).toMatchObject({ method: "device_key", accountId: named.accountId });
  expect(
    await db.timelineEvent.findFirstOrThrow({ where: { listingId, kind: "contribution_rejected" } }),
  ).toMatchObject({ isAdverse: true, originator: "contributor" });
});

test("a revision keeps a confirmed share that it leaves alone, and asks again for one it changes", async () => {
  const listingId = await publish();
  const confirm = async () => {
    const { id } = await claimOf(listingId, namedKey());
    await takeStance(named, { claimId: id, stance: "confirmed" });
  };
  const status = async () =>
    (await db.contributorShare.findFirstOrThrow({ where: { listingId, accountId: named.accountId } })).status;
  await confirm();
  await reviseFields(seller, listingId, (fields) => ({ ...fields, summary: "New words" }), "a new file");
  expect(await status()).toBe("confirmed");
  await reviseFields(seller, listingId, (fields) => ({
    ...fields,
    contributors: fields.contributors.map((person) =>
      person.handle === named.handle
        ? { ...person, sharePercent: "3" }
        : person.handle === seller.handle
          ? { ...person, sharePercent: "70" }
          : person,
    ),
  }));
  expect(await status()).toBe("unconfirmed");
  const asked = (await listQueuedMails()).filter(
    ({ data }) => data.mail.to === `${named.handle}@example.test`,
  );
  expect(asked.length).toBeGreaterThanOrEqual(2);
});

test("what the seller says of their own share is confirmed by saying it", async () => {
  const listingId = await publish();
  const own = await db.contributorShare.findFirstOrThrow({
    where: { listingId, accountId: seller.accountId },
  });
  expect(own.status).toBe("confirmed");
});

test("the database refuses to change, revive or delete a claim and its statements", async () => {
  const listingId = await publish();
  const claim = await claimOf(listingId, "niche");
  const where = { id: claim.id };
  await expect(db.claim.update({ where, data: { key: "other" } })).rejects.toThrow();
  await expect(db.claim.delete({ where })).rejects.toThrow();
  const ended = { endedAt: await currentTime() };
  await db.claim.update({ where, data: ended });
  await expect(db.claim.update({ where, data: { endedAt: null } })).rejects.toThrow();
  const envelopeSha256 = leadingEnvelope(claim)?.envelopeSha256 ?? "";
  await expect(db.claimEnvelope.delete({ where: { envelopeSha256 } })).rejects.toThrow();
  await expect(
    db.claimEnvelope.update({ where: { envelopeSha256 }, data: { stance: "confirmed" } }),
  ).rejects.toThrow();
});
