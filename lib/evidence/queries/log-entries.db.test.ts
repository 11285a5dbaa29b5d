import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db, inTransaction } from "@/lib/platform/db";
import { keyIdOf, signEnvelope } from "@/lib/statements/dsse";
import { revocationKind } from "@/lib/statements/kinds/revocation";
import { rulingKind } from "@/lib/statements/kinds/ruling";
import { drain, placesIn } from "../log.fixture";
import { type Sequencer, openSequencer } from "@/lib/log/process/sequencer";
import { recordEnvelope } from "../commands/record-envelope";
import { type Statement, makeStatement, statementBytes } from "@/lib/statements/statement";
import { findEntryProof } from "./log-entry";
import { findListedKey } from "./listed-key";
import { findLoggedEntry, listLogEntries, searchLog } from "./log-entries";
import { findLogSummary } from "./log-summary";
import { listPlacedStatements } from "./placed-statements";
import { listStatementsAbout } from "./statements-about";

const folder = mkdtempSync(path.join(tmpdir(), "offcut-entries-"));
const MODEL = "a".repeat(64);
const AT = "2026-11-22T10:00:00.000Z";
let sequencer: Sequencer;
let keyId = "";
let record: (statement: Statement) => Promise<string>;

beforeAll(async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  keyId = keyIdOf(spki);
  const life = { enrolledBy: "first_key", effectiveAt: new Date(0) };
  await db.signingKey.create({ data: { id: keyId, kind: "platform", label: "under test", spki, ...life } });
  record = async (statement) => {
    const envelope = await signEnvelope(statementBytes(statement), pair.privateKey, spki);
    const { sha256 } = await inTransaction((tx) => recordEnvelope(tx, JSON.stringify(envelope)));
    return sha256;
  };
  const databaseUrl = process.env.DATABASE_URL ?? "";
  const opened = await openSequencer({ databaseUrl, ...placesIn(folder, "localhost:3000/log/1") });
  if (!opened) throw new Error("Another sequencer is active.");
  sequencer = opened;
});
afterAll(async () => {
  await sequencer.close();
  rmSync(folder, { recursive: true, force: true });
});

function ruling(outcome: "refund" | "release"): Statement {
  const predicate = { deal: "d", dispute: "x", moderator: "m", outcome, commitments: [], at: AT };
  const subjects = [{ name: "terms", sha256: "7".repeat(64) }, { sha256: MODEL }];
  return makeStatement(rulingKind.predicateType, subjects, predicate);
}

function withdrawal(envelope: string): Statement {
  const signer = { role: "platform", account: "platform" };
  const predicate = { signer, withdraws: envelope, reason: "It was wrong.", at: AT };
  return makeStatement(revocationKind.predicateType, [{ sha256: MODEL }], predicate);
}

test("statements count from the moment a published checkpoint covers them, and not before", async () => {
  const adverse = await record(ruling("refund"));
  await sequencer.integrate();
  expect(await listStatementsAbout(MODEL)).toMatchObject({ total: 0 });
  expect((await searchLog(adverse)).as).toBeNull();
  await drain(sequencer);
  expect(await listStatementsAbout(MODEL)).toMatchObject({ total: 1, adverse: 1, withdrawn: 0 });

  const revocation = await record(withdrawal(adverse));
  await record(ruling("release"));
  await drain(sequencer);
  const about = await listStatementsAbout(MODEL);
  expect(about).toMatchObject({ total: 3, adverse: 1, withdrawn: 1 });
  const places = about?.statements.map(({ entry }) => entry.index) ?? [];
  expect(places).toEqual([...places].sort((one, other) => (one < other ? -1 : 1)));
  expect(about?.logSize).toBeGreaterThanOrEqual(3n);
  expect(about?.statements[0]).toMatchObject({ envelope: adverse, adverse: true, withdrawnBy: revocation });
  const shown = about?.statements.map(({ envelope, entry: { index } }) => ({ envelope, index })) ?? [];
  for (const pageSize of [1, 2, 1_000]) {
    const placed = await listPlacedStatements(MODEL, about?.logSize ?? 0n, pageSize);
    expect(placed.map(({ envelope, index }) => ({ envelope, index }))).toEqual(shown);
  }
  expect(await listStatementsAbout("b".repeat(64))).toMatchObject({ total: 0 });
  expect(await listStatementsAbout("not a digest")).toBeNull();
});

test("entries are listed newest first, page by page, each with its sentence and proof", async () => {
  const { size } = (await findLogSummary()) ?? { size: 0n };
  const entries = await listLogEntries(size, 2);
  expect(entries.map(({ index }) => index)).toEqual([size - 1n, size - 2n]);
  const [about] = (await listStatementsAbout(MODEL))?.statements ?? [];
  const entry = await findLoggedEntry(about?.entry.index ?? -1n);
  expect(entry?.statement).toMatchObject({ title: "Ruling", signer: { issuer: "platform" } });
  const proof = await findEntryProof(entry?.leafHash ?? "");
  expect(proof?.proofText).toContain(`c2sp.org/tlog-proof@v1\nindex ${entry?.index}\n`);
  expect(JSON.parse(proof?.leafText ?? "")).toMatchObject({ kind: "hashedrekord" });
  expect(await findLoggedEntry(size)).toBeNull();
  expect(await findEntryProof("0".repeat(64))).toBeNull();
});

test("a digest is found as leaf, envelope, files or key, and as nothing else", async () => {
  const [about] = (await listStatementsAbout(MODEL))?.statements ?? [];
  expect((await searchLog(about?.entry.leafHash ?? "")).as).toBe("leaf");
  expect((await searchLog(about?.envelope ?? "")).as).toBe("envelope");
  const found = await searchLog(MODEL);
  expect(found.as).toBe("files");
  expect(found.entries).toHaveLength(3);
  expect(found.entries[0]?.index).toBeGreaterThan(found.entries[2]?.index ?? 0n);
  expect((await searchLog(keyId)).as).toMatch(/^(key|files)$/);
  for (const hex of ["0".repeat(64), "", MODEL.toUpperCase(), "%"])
    expect(await searchLog(hex)).toEqual({ as: null, entries: [] });
});

test("an erased envelope leaves its entry, which says that its payload is unavailable", async () => {
  const before = await listStatementsAbout(MODEL);
  const index = before?.statements[2]?.entry.index ?? -1n;
  const sha256 = before?.statements[2]?.envelope ?? "";
  // Erasure is the database owner's act; the trigger that refuses it to everybody else steps aside for this row.
  await db.$executeRawUnsafe(`ALTER TABLE "Envelope" DISABLE TRIGGER USER`);
  await db.envelope.delete({ where: { sha256 } });
  await db.$executeRawUnsafe(`ALTER TABLE "Envelope" ENABLE TRIGGER USER`);
  const entry = await findLoggedEntry(index);
  expect(entry).toMatchObject({ statement: null, body: null, envelopeSha256: sha256 });
  expect(await findEntryProof(entry?.leafHash ?? "")).not.toBeNull();
});

test("the log's page has its size, root and witnesses, and a key says whose it is", async () => {
  expect(await findLogSummary()).toMatchObject({ origin: "localhost:3000/log/1", witnesses: [] });
  expect(await findListedKey(keyId)).toMatchObject({ keyId, name: "Offcut", handle: null, revokedAt: null });
  expect(await findListedKey("0".repeat(64))).toBeNull();
});
