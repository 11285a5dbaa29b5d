import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { openPerson } from "@/lib/accounts/person.fixture";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { emptyDraft } from "@/lib/catalogue/draft-fields";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { birdsFrom, fileOfBirds } from "../penguins.fixture";
import { addEvaluationToDraft } from "./add-evaluation";
import { createDraft } from "./edit-draft";
import { judgePredictions } from "./judge-predictions";

beforeAll(openInstallation);

/** Four birds thirty times each, held against the network of a draft. */
async function draftWithRepeatedBirds() {
  const { actor: seller } = await openPerson("Seller");
  const { draftId } = await inTransaction((tx) => createDraft(tx, seller, { fields: emptyDraft }));
  const network = readFileSync("prisma/seed/models/penguin-scales/model.onnx");
  const model = await storeFile(seller, Readable.from([network]), { name: "model.onnx" });
  await db.draftFile.create({
    data: { draftId, storedFileId: model.id, path: "model.onnx", part: "weights" },
  });
  const birds = await birdsFrom(0, 4);
  const bytes = await fileOfBirds(Array.from({ length: 30 }, () => birds).flat()).arrayBuffer();
  const rows = await storeFile(seller, Readable.from([Buffer.from(bytes)]), { name: "birds.csv" });
  await addEvaluationToDraft(seller, {
    ...{ draftId, storedFileId: rows.id, fileName: "birds.csv", dataSetName: "My own birds" },
    ...{ declaredLevel: "0.80" as const, outputColumns: [], thresholds: [], found: "not_said" as const },
  });
  const { id: importId } = await db.draftImport.findFirstOrThrow({ where: { draftId } });
  return { seller, draftId, importId };
}

test("rows counted again with predictions stay the clusters of equal inputs that they were", async () => {
  const { seller, draftId, importId } = await draftWithRepeatedBirds();
  await judgePredictions(seller, { importId, predictions: [] });
  expect(await db.evaluation.findFirstOrThrow({ where: { draftId } })).toMatchObject({
    binding: { kind: "reran_here", rows: 120 },
    summary: { clusters: { n: 4, from: ["near_copies"] }, overall: { n: 120 } },
  });
});

test("rows that were re-run with a file that is gone from the draft are not counted again as bound to it", async () => {
  const { seller, draftId, importId } = await draftWithRepeatedBirds();
  await db.draftFile.deleteMany({ where: { draftId } });
  await expect(judgePredictions(seller, { importId, predictions: [] })).rejects.toMatchObject({
    code: "other_files",
  });
});
