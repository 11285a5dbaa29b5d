import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { publishListing } from "@/lib/catalogue/commands/publish-listing";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { currentTime } from "@/lib/platform/clock";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { replyStatement } from "@/lib/statements/reply-statement";
import type { CompletenessPredicate } from "@/lib/statements/kinds/completeness";
import { drain, placesIn } from "../log.fixture";
import { openSequencer } from "@/lib/log/process/sequencer";
import { listStatementsAbout } from "../queries/statements-about";
import { replyToEvaluation } from "./reply-to-evaluation";
import { makePerson, signFor, statementIn } from "@/lib/selling/claims.fixture";
import { countDay } from "./count-day";
import { recordPlatformEvaluation } from "./record-run";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-counts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let seller: Actor;

beforeAll(async () => {
  await openInstallation();
  seller = await makePerson("seller");
});

async function makeListing(): Promise<{ listingId: string; modelDigest: string }> {
  const file = await storeFile(seller, Readable.from([Buffer.from(randomUUID())]), { name: "notes.txt" });
  const { listingId, versionId } = await inTransaction((tx) =>
    publishListing(tx, {
      sellerId: seller.accountId,
      title: `Listing ${randomUUID().slice(0, 8)}`,
      contact: "seller@example.test",
      niche: { task: "text-classification", domain: "e-mail", languages: ["en"], declaredLevel: "0.80" },
      artifact: { kind: "files", files: [{ storedFileId: file.id, path: "notes.txt" }] },
      parts: [{ part: "weights", pricing: "one_off", priceMinor: 1200n, termMonths: 12 }],
      limitations: [{ type: "html_input" }],
    }),
  );
  const { modelDigest } = await db.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
  return { listingId, modelDigest: modelDigest ?? "" };
}

async function measure({ listingId, modelDigest }: { listingId: string; modelDigest: string }) {
  const at = await currentTime();
  const rows = Array.from({ length: 40 }, (_, index) => ({
    label: index % 2 ? "spam" : "ham",
    prediction: "ham",
  }));
  const dataSet = {
    name: "Test rows",
    use: "attestation" as const,
    observedFrom: null,
    observedTo: null,
  };
  const run = { listingId, modelDigest, dataSet, rows, slices: [], startedAt: at, finishedAt: at };
  return inTransaction((tx) => recordPlatformEvaluation(tx, { ...run, runtime: null, marks: null }));
}

const waiting = () => db.logPending.count();

test("an answer is a statement at once: in the session, or with the seller's own key", async () => {
  const listing = await makeListing();
  const inSession = await measure(listing);
  await replyToEvaluation(seller, { evaluationId: inSession, body: "  Those rows\r\nare old.  " });
  const kept = await db.evaluationAnswer.findUniqueOrThrow({ where: { evaluationId: inSession } });
  expect((await statementIn(kept.envelopeSha256)).predicate).toMatchObject({
    body: "Those rows\nare old.",
    agreedBy: { method: "session" },
  });

  const withKey = await measure(await makeListing());
  const { envelopeSha256, listingId } = await db.evaluation.findUniqueOrThrow({ where: { id: withKey } });
  const { subjects } = await db.envelope.findUniqueOrThrow({ where: { sha256: envelopeSha256 ?? "" } });
  const said = (body: string) =>
    replyStatement({
      sellerId: seller.accountId,
      listingId: listingId ?? "",
      answers: envelopeSha256 ?? "",
      subjects,
      body,
      at: "2026-11-22T12:00:00.000Z",
    });
  const body = "These rows are from another niche.";
  const other = await signFor(seller, said("I never said this."));
  await expect(
    replyToEvaluation(seller, { evaluationId: withKey, body, envelope: other }),
  ).rejects.toMatchObject({ code: "signed_something_else" });
  expect(await db.evaluationAnswer.count({ where: { evaluationId: withKey } })).toBe(0);
  await replyToEvaluation(seller, {
    evaluationId: withKey,
    body,
    envelope: await signFor(seller, said(body)),
  });
  const own = await db.evaluationAnswer.findUniqueOrThrow({ where: { evaluationId: withKey } });
  expect(await db.envelope.findUniqueOrThrow({ where: { sha256: own.envelopeSha256 } })).toMatchObject({
    signerId: seller.accountId,
  });
});

test("the count of a day is signed once, and says of every model what anybody finds in the log", async () => {
  expect(await countDay()).toBe(false);
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const sequencer = await openSequencer({ databaseUrl, ...placesIn(folder, "market.example/log/1") });
  if (!sequencer) throw new Error("Another sequencer is active.");
  try {
    await drain(sequencer);
    await inTransaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('DailyCount', 0))`;
      expect(await countDay()).toBe(false);
    });
    const counted = await Promise.all([countDay(), countDay(), countDay()]);
    expect(counted.filter(Boolean)).toHaveLength(1);
    expect(await waiting()).toBe(1);
    const [day] = await db.dailyCount.findMany();
    const { predicate } = await statementIn(day?.envelopeSha256 ?? "");
    const { models, totals, log } = predicate as CompletenessPredicate;
    expect(log.size).toBe(Number(day?.logSize));
    expect(models.length).toBeGreaterThan(0);
    expect(totals.models).toBe(models.length);
    await drain(sequencer);
    for (const { modelDigest, statements, adverse, withdrawn, lastIndex } of models) {
      const about = await listStatementsAbout(modelDigest);
      expect({ statements, adverse, withdrawn }).toEqual({
        statements: about?.total,
        adverse: about?.adverse,
        withdrawn: about?.withdrawn,
      });
      expect(about?.statements.at(-1)?.entry.index).toBe(BigInt(lastIndex));
    }
  } finally {
    await sequencer.close();
  }
});
