import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GET as getEnvelope } from "@/app/api/v1/envelopes/[sha256]/route";
import { GET as getLoggedEnvelope } from "@/app/log/1/envelope/[sha256]/route";
import { openPerson, race } from "@/lib/accounts/person.fixture";
import { listCompared } from "@/lib/catalogue/queries/find-listing";
import { DEFAULT_VOLUME } from "@/lib/measurement/volume";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { leadingEnvelope } from "../records/claims";
import { drain, placesIn } from "../log.fixture";
import { findTlogProof } from "@/lib/log/queries";
import { findLogEntry } from "../queries/log-entry";
import { findFigures } from "../queries/leading-evaluation";
import { findBundle } from "../queries/bundle";
import { openSequencer } from "@/lib/log/process/sequencer";
import { listStatementsAbout } from "../queries/statements-about";
import { letSell, openSigner } from "../signer.fixture";
import { revocationOf, twinOf, usageStatement } from "@/lib/statements/statements.fixture";
import { hexDigest } from "@/lib/statements/verify-envelope";
import {
  claimOf,
  claimingFields,
  makePerson,
  publishFields,
  reviseFields,
  statementIn,
} from "@/lib/selling/claims.fixture";
import { birdsFrom, evaluate, fileOfBirds, listPenguins } from "@/lib/selling/penguins.fixture";
import { eraseEnvelope } from "./erase-envelope";
import { recordFromOutside } from "./record-from-outside";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-erasure-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  await openInstallation();
});

const law = { ground: "Art. 17 GDPR", reason: "The contribution names a person who asked for it." };

test("the law empties an envelope: its entry and proofs stay, and a signed tombstone says why", async () => {
  const [seller, named] = [await makePerson("seller"), await makePerson("named")];
  const listingId = await publishFields(seller, claimingFields(seller, named));
  const claim = await claimOf(listingId, "training: Mails of May");
  const envelopeSha256 = leadingEnvelope(claim)?.envelopeSha256 ?? "";
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const sequencer = await openSequencer({ databaseUrl, ...placesIn(folder, "market.example/log/1") });
  if (!sequencer) throw new Error("Another sequencer is active.");
  try {
    await drain(sequencer);
    const entry = await findLogEntry(envelopeSha256);
    const leafHash = entry.state === "published" ? entry.leafHash : "";
    expect(await findBundle(leafHash)).toContain("dsseEnvelope");
    const { won, codes } = await race([1, 2, 3].map(() => () => eraseEnvelope({ envelopeSha256, ...law })));
    expect({ won, codes }).toEqual({ won: 1, codes: ["erased_already", "erased_already"] });

    const { tombstoneSha256 } = await db.erasedEnvelope.findUniqueOrThrow({
      where: { sha256: envelopeSha256 },
    });
    const tombstone = await statementIn(tombstoneSha256);
    expect(tombstone.predicate).toMatchObject({ envelope: envelopeSha256, leafHash, ...law });
    expect(tombstone.subject.map(({ digest }) => digest.sha256)).toContain(claim.subjectSha256);
    expect((await db.envelope.findUniqueOrThrow({ where: { sha256: envelopeSha256 } })).body).toBe("");

    await drain(sequencer);
    expect(await findTlogProof(leafHash)).not.toBeNull();
    expect(await findBundle(leafHash)).toBe("payload_unavailable");
    expect((await findLogEntry(tombstoneSha256)).state).toBe("published");
    const about = await listStatementsAbout(claim.subjectSha256);
    expect(about?.statements.map(({ envelope }) => envelope)).toContain(tombstoneSha256);
    for (const get of [getEnvelope, getLoggedEnvelope]) {
      const params = Promise.resolve({ sha256: envelopeSha256 });
      const answer = await get(new Request("http://localhost"), { params });
      expect(answer.status).toBe(410);
      expect(await answer.text()).toContain("Art. 17 GDPR");
    }
    // What was erased can still stop being stated.
    await reviseFields(seller, listingId, (fields) => ({ ...fields, dataOrigins: [] }));
    expect(await db.claim.count({ where: { id: claim.id, endedAt: null } })).toBe(0);
  } finally {
    await sequencer.close();
  }
});

test("an evaluation that the law erased judges its listing no more, from that moment", async () => {
  const { actor: seller } = await openPerson("Seller");
  const { actor: evaluator } = await openPerson("Evaluator", { roles: ["evaluator"] });
  const { listingId, slug } = await listPenguins(seller);
  const id = await evaluate(evaluator, slug, fileOfBirds(await birdsFrom(0, 120, 114)));
  const standing = { where: { id: listingId }, select: { evidenceGrade: true, evaluatedRows: true } };
  expect(await db.listing.findUniqueOrThrow(standing)).toEqual({
    evidenceGrade: "third_party",
    evaluatedRows: 120,
  });
  const { envelopeSha256 } = await db.evaluation.findUniqueOrThrow({ where: { id } });
  await eraseEnvelope({ envelopeSha256: envelopeSha256 ?? "", ...law });
  expect(await db.listing.findUniqueOrThrow(standing)).toEqual({
    evidenceGrade: "claimed",
    evaluatedRows: 0,
  });
  const [listing] = await listCompared(null, [slug]);
  expect((await findFigures(listing!, { level: null, volume: DEFAULT_VOLUME })).leading).toBeNull();
});

test("nothing is erased without a law and a reason, and never what keeps the log honest", async () => {
  const [seller, named] = [await makePerson("seller"), await makePerson("named")];
  const listingId = await publishFields(seller, claimingFields(seller, named));
  const envelopeSha256 = leadingEnvelope(await claimOf(listingId, "niche"))?.envelopeSha256 ?? "";
  await expect(eraseEnvelope({ envelopeSha256, ground: " ", reason: law.reason })).rejects.toMatchObject({
    code: "reason_missing",
  });
  await expect(eraseEnvelope({ envelopeSha256: randomUUID(), ...law })).rejects.toMatchObject({
    code: "not_found",
  });
  const tombstone = await eraseEnvelope({ envelopeSha256, ...law });
  await expect(eraseEnvelope({ envelopeSha256: tombstone, ...law })).rejects.toMatchObject({
    code: "may_not_erase",
  });
});

test("the database empties an envelope for a tombstone alone, and never fills or deletes one", async () => {
  const [seller, named] = [await makePerson("seller"), await makePerson("named")];
  const listingId = await publishFields(seller, claimingFields(seller, named));
  const sha256 = leadingEnvelope(await claimOf(listingId, "niche"))?.envelopeSha256 ?? "";
  const { body } = await db.envelope.findUniqueOrThrow({ where: { sha256 } });
  await expect(db.envelope.update({ where: { sha256 }, data: { body: "" } })).rejects.toThrow();
  await eraseEnvelope({ envelopeSha256: sha256, ...law });
  await expect(db.envelope.update({ where: { sha256 }, data: { body } })).rejects.toThrow();
  await expect(db.envelope.delete({ where: { sha256 } })).rejects.toThrow();
  await expect(db.erasedEnvelope.delete({ where: { sha256 } })).rejects.toThrow();
});

test("what was erased is not taken again, with whatever signature, and nothing else is refused for it", async () => {
  const [ada, bob] = [await openSigner("Ada"), await openSigner("Bob")];
  const model = "d".repeat(64);
  for (const { accountId } of [ada, bob]) await letSell(accountId, model);
  const statement = usageStatement(ada.accountId, model, 41);
  const text = await ada.sign(statement);
  const { envelope: envelopeSha256 } = await recordFromOutside(text);
  const revocation = await ada.sign(revocationOf(ada.accountId, model, envelopeSha256));
  await recordFromOutside(revocation);
  await eraseEnvelope({ envelopeSha256, ...law });
  await eraseEnvelope({ envelopeSha256: hexDigest(revocation), ...law });
  const ofAccounts = () => db.envelope.count({ where: { signerId: { not: null } } });
  const before = await ofAccounts();
  const again = [text, twinOf(text), await ada.sign(statement), revocation, twinOf(revocation)];
  const others = [
    await ada.sign(usageStatement(ada.accountId, model, 42)),
    await bob.sign(usageStatement(bob.accountId, model, 41)),
  ];
  const outcomes = await Promise.allSettled([...again, ...others].map((one) => recordFromOutside(one)));
  expect(outcomes.slice(0, again.length)).toEqual(
    again.map(() => expect.objectContaining({ reason: expect.objectContaining({ code: "erased" }) })),
  );
  expect(outcomes.slice(again.length).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect(await ofAccounts()).toBe(before + others.length);
});
