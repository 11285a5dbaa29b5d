import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { openPerson } from "@/lib/accounts/person.fixture";
import { draftFieldsSchema } from "@/lib/catalogue/draft-fields";
import { tryModel } from "@/lib/evidence/commands/try-model";
import { openPlatformKey } from "@/lib/evidence/commands/platform-key";
import { listListingEvaluations } from "@/lib/evidence/queries/listing-evaluations";
import { readInput } from "@/lib/inference/asked-input";
import { bundleOfVersion } from "@/lib/inference/commands/stored-bundle";
import { contractDigest } from "@/lib/inference/run-contract";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { draftRun, dryRunDraft, writeRun } from "@/lib/selling/commands/draft-run";
import { saveDraft, startDraft } from "@/lib/selling/commands/edit-draft";
import { publishDraft } from "@/lib/selling/commands/publish-draft";
import { findDraftRun } from "@/lib/selling/queries/draft-run";
import { hexDigest } from "@/lib/statements/verify-envelope";
import { sentenceText } from "@/lib/statements/sentence";
import { seedHouses } from "./demo-houses";
import { servedModels } from "./models/catalogue";
import { seedModel } from "./seed-model";

/** Named before anything reads the environment. */
const origin = await vi.hoisted(async () => {
  const { createServer } = await import("node:net");
  const held = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => held.once("listening", resolve));
  const { port } = held.address() as { port: number };
  await new Promise((resolve) => held.close(resolve));
  vi.stubEnv("DEMO_SELLER_ORIGIN", `http://127.0.0.1:${port}`);
  return `http://127.0.0.1:${port}`;
});
const url = `${origin}/v1/chat/completions`;

let server: ChildProcess;
const firstClient = { ip: "192.0.2.7" };
const asks = (slug: string, text: string) => ({
  slug,
  read: (asked: Parameters<typeof readInput>[0]) => readInput(asked, { texts: { text }, file: null }),
  told: {},
});

beforeAll(async () => {
  const command = ["--conditions=react-server", "--import", "tsx", "prisma/seed/seller-server.ts"];
  server = spawn(process.execPath, command, { stdio: "inherit" });
  await openInstallation();
  await openPlatformKey();
  while (!(await fetch(`${origin}/v1/models`).catch(() => null))) await pause(50);
});

afterAll(async () => {
  const ended = once(server, "exit");
  server.kill("SIGTERM");
  await ended;
});

test("what a seller serves is measured by asking it, stated of its address, and tried by a visitor", async () => {
  const { desk, bench } = await seedHouses();
  const [model] = servedModels;
  if (!model) throw new Error("There is no served model.");
  await seedModel(model, { seller: desk, isHouse: true, evaluator: bench, accounts: new Map() });
  const listing = await db.listing.findFirstOrThrow({ where: { title: model.title } });
  expect(listing.evidenceGrade).toBe("seller_signed");
  const [evaluation, ...others] = await listListingEvaluations(listing.id);
  if (!evaluation) throw new Error("It was not measured.");
  expect(others).toEqual([]);
  expect(evaluation).toMatchObject({ isEndpoint: true, modelDigest: null });
  const row = await db.evaluation.findUniqueOrThrow({ where: { id: evaluation.id } });
  const version = await db.modelVersion.findUniqueOrThrow({ where: { id: listing.versionId } });
  expect(version).toMatchObject({ kind: "endpoint", endpointUrl: url, modelDigest: null });
  expect(row.binding).toEqual({ kind: "asked_here", contract: version.runContractSha256 });
  const words = [evaluation.headline, ...evaluation.facts].map(sentenceText).join(" ");
  expect(words).toContain("an endpoint that may change at any time");
  expect(words).toContain(hexDigest(url).slice(0, 8));
  expect(words).toContain("served by its seller");
  expect(words).not.toContain("exact files");
  await expect(
    db.evaluation.create({
      data: { ...row, id: "other", binding: { kind: "ran_here" }, summary: {}, runtime: {} },
    }),
  ).rejects.toThrow(/Evaluation_(bound_to_files|grade_of_one_run)/);
  const tried = await tryModel(null, asks(listing.slug, "12. März 2004"), firstClient);
  expect(tried).toMatchObject({
    answer: { prediction: "2004-03-12", refused: null },
    prompt: "12. März 2004",
  });
  expect(tried.record?.within.length).toBeGreaterThan(0);
}, 300_000);

async function draftOf(endpointUrl: string): Promise<{ actor: Actor; draftId: string }> {
  const { actor } = await openPerson("Seller");
  const { draftId } = await startDraft(actor);
  const fields = draftFieldsSchema.parse({
    ...{ task: "text-generation", domain: "finance", languages: "de", declaredLevel: "0.90" },
    ...{ contact: "me@example.com", endpointUrl },
    parts: { hosted_access: { pricing: "per_1000_calls", price: "0.20" } },
  });
  await saveDraft(actor, { draftId, revision: 0, fields, cardText: "# Dates, served" });
  return { actor, draftId };
}

test("a seller lists an endpoint with how it is asked, once it was seen to answer, and a visitor tries it", async () => {
  const { actor, draftId } = await draftOf(url);
  await draftRun(actor, { draftId });
  const see = () => dryRunDraft(actor, { draftId, rows: "1. Mai 1999\n1.234,50 EUR", files: [] });
  await see();
  // Its server knows no model without a name.
  expect(await findDraftRun(actor, draftId)).toMatchObject({ source: "endpoint", isConfirmed: false });
  await expect(writeRun(actor, { draftId, model: "" })).rejects.toMatchObject({
    fields: { model: expect.any(String) },
  });
  await writeRun(actor, { draftId, model: "german-paperwork-iso" });
  await see();
  const run = await findDraftRun(actor, draftId);
  expect(run).toMatchObject({
    isConfirmed: true,
    dryRun: {
      isStale: false,
      ran: {
        isolation: "served_by_its_seller",
        answers: [{ prediction: "1999-05-01" }, { prediction: "EUR 1234.50" }],
      },
    },
  });
  const { versionId, slug } = await publishDraft(actor, { draftId });
  const bundle = await bundleOfVersion(versionId);
  if ("reason" in bundle) throw new Error(bundle.reason);
  expect(contractDigest(bundle.contract)).toBe(run.contract?.sha256);
  expect(await tryModel(null, asks(slug, "2. Mai 1999"), firstClient)).toMatchObject({
    answer: { prediction: "1999-05-02" },
    record: null,
  });
}, 120_000);

test("another address makes what was seen stale, and one that is not called is refused before anything is sent", async () => {
  const { actor, draftId } = await draftOf(url);
  await draftRun(actor, { draftId });
  await writeRun(actor, { draftId, model: "german-paperwork-iso" });
  await dryRunDraft(actor, { draftId, rows: "1. Mai 1999", files: [] });
  const { fields } = await db.listingDraft.findUniqueOrThrow({ where: { id: draftId } });
  for (const endpointUrl of [
    `${url}?other`,
    "http://127.0.0.1:9/v1/chat/completions",
    "https://localhost/v1",
  ]) {
    const changed = { ...draftFieldsSchema.parse(fields), endpointUrl };
    const { revision } = await db.listingDraft.findUniqueOrThrow({ where: { id: draftId } });
    await saveDraft(actor, { draftId, revision, fields: changed });
    expect(await findDraftRun(actor, draftId)).toMatchObject({
      isConfirmed: false,
      dryRun: { isStale: true },
    });
    if (!endpointUrl.startsWith(origin))
      await expect(draftRun(actor, { draftId })).rejects.toMatchObject({ code: "not_runnable" });
  }
}, 120_000);
