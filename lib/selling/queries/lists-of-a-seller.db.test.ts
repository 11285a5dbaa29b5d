import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { openInstallation } from "@/lib/platform/installation";
import { countStatements } from "@/lib/platform/statements.fixture";
import { claimingFields, makePerson, publishFields } from "../claims.fixture";
import { uploadToDraft } from "../commands/draft-files";
import { draftFromListing } from "../commands/draft-from-listing";
import { saveDraft, startDraft } from "../commands/edit-draft";
import { signEvaluation } from "../commands/sign-evaluation";
import { inTheEnd } from "@/lib/selling/commands/read-patiently.fixture";
import { uploadEvaluation } from "../commands/upload-evaluation";
import { listDraftImports } from "./draft-imports";
import { listDrafts, listOwnListings } from "./drafts";
import { listDraftEvaluations } from "./own-evaluations";

let seller: Actor;
let named: Actor;

beforeAll(async () => {
  await openInstallation();
  seller = await makePerson("seller");
  named = await makePerson("named");
});

async function draftWithFile(): Promise<string> {
  const { draftId } = await startDraft(seller);
  await saveDraft(seller, { draftId, revision: 0, fields: claimingFields(seller, named) });
  await uploadToDraft(seller, draftId, Readable.from([randomUUID()]), { name: "a.txt", part: "weights" });
  return draftId;
}

async function addEvaluation(draftId: string): Promise<string> {
  const rows = Array.from({ length: 50 }, (_, at) => `ham,${at < 48 ? "ham" : "spam"}`);
  const { evaluationId } = await inTheEnd(
    uploadEvaluation(seller, Readable.from([["label,prediction", ...rows].join("\n")]), {
      draftId,
      fileName: "rows.csv",
      dataSetName: "Rows",
      declaredLevel: "0.80",
      outputColumns: [],
      thresholds: [],
      found: "not_said",
    }),
  );
  return evaluationId;
}

test("reading the evaluations and imports of a draft takes as many statements for many as for one", async () => {
  const draftId = await draftWithFile();
  const count = () => countStatements(() => listDraftEvaluations(seller, draftId));
  const countImports = () => countStatements(() => listDraftImports(seller, draftId));
  const first = await addEvaluation(draftId);
  const [one, oneImport] = [await count(), await countImports()];
  expect(one).toBeGreaterThan(0);
  for (let added = 1; added < 6; added++) await addEvaluation(draftId);
  await signEvaluation(seller, { evaluationId: first });
  expect(await count()).toBe(one);
  expect(await countImports()).toBe(oneImport);
  const views = await listDraftEvaluations(seller, draftId);
  expect(views.map(({ toSign }) => toSign.state).sort()).toEqual(["signed", ...Array(5).fill("to_sign")]);
  expect((await listDraftEvaluations(named, draftId)).length).toBe(0);
});

test("reading a seller's drafts and listings takes as many statements for many as for one", async () => {
  const countDrafts = () => countStatements(() => listDrafts(seller));
  const countListings = () => countStatements(() => listOwnListings(seller));
  const listingId = await publishFields(seller, claimingFields(seller, named));
  await draftFromListing(seller, { listingId });
  const [drafts, listings] = [await countDrafts(), await countListings()];
  for (let more = 0; more < 3; more++) {
    await draftWithFile();
    await publishFields(seller, claimingFields(seller, named));
  }
  expect(await countDrafts()).toBe(drafts);
  expect(await countListings()).toBe(listings);
  const [listed] = (await listOwnListings(seller)).filter(({ id }) => id === listingId);
  expect((await listDrafts(seller)).find(({ id }) => id === listed?.openDraftId)?.revisesTitle).toBe(
    "Short mail",
  );
});
