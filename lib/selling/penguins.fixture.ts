import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import type { Actor } from "@/lib/accounts/actor";
import { publishListing } from "@/lib/catalogue/commands/publish-listing";
import type { ListingInput } from "@/lib/catalogue/listing";
import { storeFile } from "@/lib/catalogue/commands/store-file";
import { admitModel, runOnnxModel } from "@/lib/inference/commands/run-model";
import { contractDigest } from "@/lib/inference/run-contract";
import { selfDescribedContract } from "@/lib/inference/self-described";
import { db, inTransaction } from "@/lib/platform/db";
import { emptyDraft } from "@/lib/catalogue/draft-fields";
import { addEvaluationToDraft } from "./commands/add-evaluation";
import { createDraft } from "./commands/edit-draft";
import { submitEvaluation } from "./commands/submit-evaluation";
import { signEvaluation } from "./commands/sign-evaluation";

/** A real network that reads a flipper and a weight and names one of three penguins. */
const network = readFileSync("prisma/seed/models/penguin-scales/model.onnx");

export type Bird = { flipper: number; mass: number; label: string; prediction: string; confidence: number };

/**
 * Birds that nobody measured, with the network's own answers, of which `right` are called right. No two have the same
 * numbers, and those from another `from` share none with them.
 */
export async function birdsFrom(from: number, count: number, right = count): Promise<Bird[]> {
  const inputs = Array.from(
    { length: count },
    (_, at) => [at % 2 ? 222 : 185, 5_000 + from + at / 8] as const,
  );
  const { predictions } = await runOnnxModel(
    await admitModel(network),
    inputs.map((values) => ({ kind: "numbers", values })),
  );
  return inputs.map(([flipper, mass], at) => {
    const { prediction = "", probability = 0 } = predictions[at] ?? {};
    const other = prediction === "Gentoo" ? "Adelie" : "Gentoo";
    return { flipper, mass, prediction, confidence: probability, label: at < right ? prediction : other };
  });
}

/** As an evaluation file holds them; without inputs where a reader is to take the answers at their word. */
export function fileOfBirds(birds: readonly Bird[], { hasInputs = true } = {}): File {
  const lines = birds.map(({ flipper, mass, label, prediction, confidence }, at) =>
    [label, prediction, confidence, at % 4 < 2, ...(hasInputs ? [flipper, mass] : [])].join(","),
  );
  const head = ["label,prediction,confidence,short", ...(hasInputs ? ["flipper_length,body_mass"] : [])].join(
    ",",
  );
  return new File([[head, ...lines].join("\n")], "birds.csv");
}

/** The contract that the network states itself, with another number of rows in a call. */
export async function penguinContract(rowsPerCall: number): Promise<NonNullable<ListingInput["run"]>> {
  const { summary, contract } = await admitModel(network);
  const run = { ...selfDescribedContract(summary, contract, "model.onnx"), rowsPerCall };
  return { contract: run, sha256: contractDigest(run) };
}

/** The network on the market, at level 0.80. */
export async function listPenguins(
  seller: Actor,
  limitations: ListingInput["limitations"] = [],
  run: ListingInput["run"] = null,
): Promise<{ listingId: string; slug: string; modelDigest: string }> {
  const file = await storeFile(seller, Readable.from([network]), { name: "model.onnx" });
  const { listingId, slug, versionId } = await inTransaction((tx) =>
    publishListing(tx, {
      sellerId: seller.accountId,
      title: "Penguins by numbers",
      contact: "seller@example.test",
      niche: { task: "tabular-classification", domain: "biology", languages: ["zxx"], declaredLevel: "0.80" },
      artifact: { kind: "files", files: [{ storedFileId: file.id, path: "model.onnx" }] },
      parts: [{ part: "weights", pricing: "one_off", priceMinor: 1200n, termMonths: 12 }],
      limitations,
      run,
    }),
  );
  const { modelDigest } = await db.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
  return { listingId, slug, modelDigest: modelDigest ?? "" };
}

/** Brings a file of birds as an evaluator and signs what came of it. */
export async function evaluate(evaluator: Actor, slug: string, file: File): Promise<string> {
  const slices = { outputColumns: [], thresholds: [], found: "not_said" as const };
  const brought = { slug, dataSetName: "Birds of a new island", ...slices, file };
  const { redirectTo } = await submitEvaluation(evaluator, brought);
  const evaluationId = redirectTo.split("/").at(-1) ?? "";
  await signEvaluation(evaluator, { evaluationId });
  return evaluationId;
}

/** A draft of the seller's own with rows of birds, and the network attached before they are read or after. */
export async function draftOfBirds(seller: Actor, file: File, model: "before" | "after") {
  const { draftId } = await inTransaction((tx) => createDraft(tx, seller, { fields: emptyDraft }));
  const attach = async () => {
    const stored = await storeFile(seller, Readable.from([network]), { name: "model.onnx" });
    await db.draftFile.create({
      data: { draftId, storedFileId: stored.id, path: "model.onnx", part: "weights" },
    });
  };
  if (model === "before") await attach();
  const rows = await storeFile(seller, Readable.from([Buffer.from(await file.arrayBuffer())]), {
    name: "r.csv",
  });
  const { evaluationId, message } = await addEvaluationToDraft(seller, {
    ...{ draftId, storedFileId: rows.id, fileName: "r.csv", dataSetName: "My own birds" },
    ...{ declaredLevel: "0.80" as const, outputColumns: [], thresholds: [], found: "not_said" as const },
  });
  if (model === "after") await attach();
  return { draftId, evaluationId, message };
}
