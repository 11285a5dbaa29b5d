import { sha256 } from "@noble/hashes/sha2.js";
import path from "node:path";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, test } from "vitest";
import { type Actor, actorOf } from "@/lib/accounts/actor";
import { detachFile, uploadToDraft } from "@/lib/selling/commands/draft-files";
import { copyDraft, saveDraft, startDraft } from "@/lib/selling/commands/edit-draft";
import { emptyDraft } from "@/lib/catalogue/draft-fields";
import { findDraft } from "@/lib/selling/queries/drafts";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { toHex } from "@/lib/shared/encoding";
import { zipOf } from "@/lib/artifact/zip.fixture";
import { evalArchiveOf, inspectLogOf, parquetOf } from "@/lib/formats/evaluation-files.fixture";
import { signedBundle } from "@/lib/formats/model-signing.fixture";
import { croissant, inspectLog, jsonLines, samples } from "@/lib/formats/samples.fixture";
import { conditionText } from "@/lib/formats/import-report";
import { type DraftImportView, listDraftImports } from "@/lib/selling/queries/draft-imports";
import { listDraftEvaluations } from "@/lib/selling/queries/own-evaluations";
import { importFileInput } from "@/lib/selling/schemas";
import { removeEvaluation } from "@/lib/selling/commands/add-evaluation";
import { importFileIntoDraft, startDraftFromFile } from "@/lib/selling/commands/import-file";
import { countWithPredictions, judgePredictions } from "@/lib/selling/commands/judge-predictions";
import { removeImport } from "@/lib/selling/commands/remove-import";
import { signEvaluation } from "@/lib/selling/commands/sign-evaluation";
import { inTheEnd } from "@/lib/selling/commands/read-patiently.fixture";
import { uploadEvaluation } from "@/lib/selling/commands/upload-evaluation";

const seller = actorOf({ accountId: "seller", displayName: "Seller" });
const stranger = actorOf({ accountId: "stranger" });
const notFound = expect.objectContaining({ code: "not_found" });

/** 240 answered rows: right on short ones, a coin on long ones, surest where it says "spam". */
const rowSamples = Array.from({ length: 240 }, (_, index) => {
  const target = index % 2;
  const isShort = index < 120;
  const isRight = isShort || index % 4 < 2;
  const picked = isRight ? target : 1 - target;
  return {
    doc_id: index,
    doc: { text: `mail ${index}`, length: isShort ? "short" : "long" },
    target: String(target),
    arguments: { gen_args_0: { arg_0: "m", arg_1: " ham" }, gen_args_1: { arg_0: "m", arg_1: " spam" } },
    filtered_resps: [
      [picked === 0 ? "-0.1" : "-4.0", "False"],
      [picked === 1 ? "-0.1" : "-4.0", "False"],
    ],
    filter: "none",
    metrics: ["acc"],
    acc: isRight ? 1 : 0,
  };
});

const encode = (value: unknown) =>
  typeof value === "string" ? value : value instanceof Uint8Array ? value : JSON.stringify(value);

async function importInto(
  draftId: string,
  fileName: string,
  content: unknown,
  { actor = seller, ...more }: { actor?: Actor; dataSetName?: string; publicKey?: string } = {},
) {
  const input = importFileInput.parse({ fileName, declaredLevel: "0.90", ...more });
  return inTheEnd(importFileIntoDraft(actor, draftId, Readable.from([Buffer.from(encode(content))]), input));
}

async function newDraft(): Promise<string> {
  return (await startDraft(seller)).draftId;
}

async function onlyImport(draftId: string): Promise<DraftImportView> {
  const [read, ...rest] = await listDraftImports(seller, draftId);
  expect(rest).toEqual([]);
  if (!read) throw new Error("nothing was imported");
  return read;
}

const storedFiles = () => db.storedFile.count({ where: { ownerId: { in: ["seller", "stranger"] } } });

beforeAll(async () => {
  await openInstallation();
  for (const [id, emailVerifiedAt] of [
    ["seller", new Date()],
    ["stranger", new Date()],
    ["unconfirmed", null],
  ] as const) {
    const email = `${id}@example.test`;
    await db.account.create({
      data: { id, email, passwordHash: "-", handle: id, displayName: id, emailVerifiedAt },
    });
  }
});

test.each(samples)(
  "a $format file gives a draft, and the file stays beside it",
  async ({ name, format, bytes }) => {
    const draftId = await newDraft();
    await importInto(draftId, name, bytes);
    const read = await onlyImport(draftId);
    expect(read).toMatchObject({
      format,
      fileName: path.basename(name),
      sizeBytes: bytes.length,
      sha256: toHex(sha256(bytes)),
    });
    const { report } = read;
    const gave = [report.filled.length, report.figureCount, report.rows?.n ?? 0, report.notUsed.length];
    expect(Math.max(...gave)).toBeGreaterThan(0);
    const counted = await listDraftEvaluations(seller, draftId);
    expect(counted.length).toBe(report.rows ? 1 : 0);
  },
);

test("a file fills empty fields, replaces none, and says which it left", async () => {
  const { draftId } = await startDraft(seller);
  await saveDraft(seller, {
    draftId,
    revision: 0,
    fields: { ...emptyDraft, title: "My own title" },
  });
  const card = "---\nlanguage: de\nlicense: mit\n---\n# Their title\n";
  await importInto(draftId, "README.md", card);
  const draft = await findDraft(seller, draftId);
  expect(draft?.fields).toMatchObject({ title: "My own title", languages: "de", licenceSpdx: "mit" });
  expect(draft?.card).toBe(card);
  const { report } = await onlyImport(draftId);
  expect(report.filled).toEqual(["Languages", "Licence it came with", "Model card"]);
  expect(report.notUsed).toContainEqual({
    path: "Title",
    value: "Their title",
    reason: "You have “My own title” there, and it stays.",
  });
  await importInto(draftId, "other.md", "---\nlanguage: fr\n---\n# Third title\n");
  expect((await findDraft(seller, draftId))?.card).toBe(card);
});

test("descriptions of data join the data origins that are there", async () => {
  const draftId = await newDraft();
  await importInto(draftId, "a.json", croissant);
  await importInto(draftId, "b.json", { ...croissant, name: "Another set" });
  const origins = (await findDraft(seller, draftId))?.fields.dataOrigins.map(({ name }) => name);
  expect(origins).toEqual([croissant.name, "Another set"]);
});

test("rows of a foreign file are counted like an evaluation file, and its figures alone never are", async () => {
  const draftId = await newDraft();
  await importInto(draftId, "samples_mail_2026-01-27T09-45-07.jsonl", jsonLines(rowSamples));
  const [evaluation] = await listDraftEvaluations(seller, draftId);
  expect(evaluation).toMatchObject({
    dataSetName: "mail, lm-evaluation-harness",
    summary: { level: 0.9, overall: { n: 240, k: 180 } },
  });
  expect(evaluation?.summary.slices.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["length: long", "fails"],
    ["length: short", "filled"],
  ]);
  // What fails is drafted as a measured limitation, as for any evaluation.
  expect(Object.values((await findDraft(seller, draftId))?.fields.measured ?? {})).toContainEqual(
    expect.objectContaining({
      presence: "present",
      shown: { type: "long_input", measures: expect.objectContaining({ name: "length: long" }) },
    }),
  );
});

test("an Inspect archive and rows in Parquet are kept and counted like any other file; another zip is not kept", async () => {
  const draftId = await newDraft();
  await importInto(draftId, "run.eval", evalArchiveOf(inspectLogOf([{ value: "C" }, { value: "I" }])));
  expect(await onlyImport(draftId)).toMatchObject({ format: "inspect-archive", report: { rows: { n: 2 } } });
  const rows = parquetOf([
    { name: "label", data: [1n, 2n], type: "INT64" },
    { name: "prediction", data: ["1.0", "3"], type: "STRING" },
  ]);
  const input = { draftId, fileName: "rows.parquet", dataSetName: "Rows", declaredLevel: "0.90" as const };
  await inTheEnd(
    uploadEvaluation(seller, Readable.from([Buffer.from(rows)]), {
      ...{ ...input, outputColumns: [], thresholds: [], found: "not_said" },
    }),
  );
  const evaluations = await listDraftEvaluations(seller, draftId);
  expect(evaluations.map(({ summary }) => summary.overall.n).sort()).toEqual([2, 2]);
  const archive = zipOf([{ name: "weights.bin", content: "x" }]);
  await expect(importInto(draftId, "run.eval", archive)).rejects.toMatchObject({ code: "file_refused" });
});

test("a run that is not whole says so in the name its signature covers", async () => {
  const draftId = await newDraft();
  await importInto(draftId, "log.json", inspectLog, { dataSetName: "All of it" });
  const [evaluation] = await listDraftEvaluations(seller, draftId);
  expect(evaluation?.dataSetName).toBe("All of it (incomplete run)");
  const { report } = await onlyImport(draftId);
  expect(report.traps.map(({ code }) => code)).toEqual(
    expect.arrayContaining(["incomplete_run", "limit_set"]),
  );
});

test("what cannot be read is refused with the reason and leaves nothing behind", async () => {
  const draftId = await newDraft();
  const before = await storedFiles();
  for (const [name, content] of [
    ["notes.json", '{"some": "object"}'],
    ["broken.json", '{"bomFormat": "CycloneDX", '],
    ["samples_x.jsonl", `${JSON.stringify(rowSamples[0])}\n{"doc_id": 1,`],
    ["rows.csv", "label,prediction\na,a\n"],
  ] as const) {
    const refused = importInto(draftId, name, content);
    await expect(refused, name).rejects.toThrow(expect.objectContaining({ code: "import_refused" }));
    await expect(refused, name).rejects.toThrow(name);
  }
  const bytes = importInto(draftId, "bytes.json", Buffer.from([0xff, 0xfe, 0x00]));
  await expect(bytes).rejects.toMatchObject({ code: "file_refused" });
  await expect(importInto(draftId, "rows.csv", "label,prediction\na,a\n")).rejects.toThrow(
    /under Evaluation/,
  );
  expect(await listDraftImports(seller, draftId)).toEqual([]);
  expect((await findDraft(seller, draftId))?.revision).toBe(0);
  expect(await storedFiles()).toBe(before);
});

test("the same file is read once, also when it is sent twice at the same moment", async () => {
  const draftId = await newDraft();
  const results = await Promise.allSettled([1, 2].map(async () => importInto(draftId, "a.json", croissant)));
  const refused = results.filter((result) => result.status === "rejected");
  // The second waits until the first is read.
  expect(refused.map(({ reason }) => (reason as { code: string }).code)).toEqual(["import_repeated"]);
  await expect(importInto(draftId, "a.json", croissant)).rejects.toThrow(
    expect.objectContaining({ code: "import_repeated" }),
  );
  await onlyImport(draftId);
  expect((await findDraft(seller, draftId))?.fields.dataOrigins).toHaveLength(1);
});

test("a new draft is made only by a file that can be read, and only by a confirmed account", async () => {
  const send = async (actor: Actor, content: string) =>
    inTheEnd(
      startDraftFromFile(actor, Readable.from([content]), importFileInput.parse({ fileName: "x.json" })),
    );
  const drafts = () => db.listingDraft.count();
  const before = await drafts();
  await expect(send(seller, "{}")).rejects.toThrow(expect.objectContaining({ code: "import_refused" }));
  const unconfirmed = actorOf({ accountId: "unconfirmed" });
  await expect(send(unconfirmed, JSON.stringify(croissant))).rejects.toThrow(
    expect.objectContaining({ code: "address_unconfirmed" }),
  );
  expect(await drafts()).toBe(before);
  const { draftId } = await send(seller, JSON.stringify(croissant));
  expect((await onlyImport(draftId)).report.filled).toEqual(["Data origins"]);
});

test("a stranger can neither read into a draft nor see, recount or remove what was read", async () => {
  const draftId = await newDraft();
  const { importId } = await importInto(draftId, "samples_mail.jsonl", jsonLines(rowSamples));
  const before = await storedFiles();
  await expect(importInto(draftId, "b.json", croissant, { actor: stranger })).rejects.toThrow(notFound);
  await expect(removeImport(stranger, { importId })).rejects.toThrow(notFound);
  await expect(judgePredictions(stranger, { importId, predictions: [] })).rejects.toThrow(notFound);
  expect(await listDraftImports(stranger, draftId)).toEqual([]);
  expect(await storedFiles()).toBe(before);
});

test("removing what was read takes its unsigned rows along and leaves the words it filled", async () => {
  const draftId = await newDraft();
  const before = await storedFiles();
  const { importId } = await importInto(draftId, "samples_mail.jsonl", jsonLines(rowSamples));
  const { importId: second } = await importInto(draftId, "a.json", croissant);
  await removeImport(seller, { importId });
  expect(await listDraftEvaluations(seller, draftId)).toEqual([]);
  expect((await findDraft(seller, draftId))?.fields.measured).toEqual({});
  await removeImport(seller, { importId: second });
  expect((await findDraft(seller, draftId))?.fields.dataOrigins).toHaveLength(1);
  expect(await storedFiles()).toBe(before);
});

test("what was read goes with a copy of the draft, and its file stays until both are rid of it", async () => {
  const draftId = await newDraft();
  const { importId } = await importInto(draftId, "a.json", croissant);
  const copy = await copyDraft(seller, { draftId, revision: 0, fields: emptyDraft });
  const copied = await onlyImport(copy.draftId);
  expect(copied.report).toEqual((await onlyImport(draftId)).report);
  const files = await storedFiles();
  await removeImport(seller, { importId });
  expect(await storedFiles()).toBe(files);
  await removeImport(seller, { importId: copied.id });
  expect(await storedFiles()).toBe(files - 1);
});

describe("a signed list of files", () => {
  const file = (path: string) => ({
    name: path,
    digest: toHex(sha256(Buffer.from(path))),
    algorithm: "sha256",
  });
  const upload = async (draftId: string, name: string, content = name) =>
    uploadToDraft(seller, draftId, Readable.from([content]), { name, part: "weights" });

  test("is held against the files of the draft as they are now", async () => {
    const draftId = await newDraft();
    const { bundle, pem } = await signedBundle({ resources: [file("config.txt"), file("labels.txt")] });
    await importInto(draftId, "model.sig", bundle, { publicKey: pem.replaceAll("\n", "\r\n") });
    const state = async () => (await onlyImport(draftId)).signature;
    expect(await state()).toMatchObject({ state: "verified", agreement: "nothing_held" });
    await upload(draftId, "config.txt");
    expect(await state()).toMatchObject({
      agreement: "differs",
      missing: ["labels.txt"],
      same: ["config.txt"],
    });
    const wrong = await upload(draftId, "labels.txt", "other bytes");
    expect(await state()).toMatchObject({ agreement: "differs", changed: ["labels.txt"], missing: [] });
    await detachFile(seller, wrong);
    await upload(draftId, "labels.txt");
    expect(await state()).toMatchObject({ agreement: "same", unlisted: [] });
    await upload(draftId, "extra.txt");
    expect(await state()).toMatchObject({ agreement: "differs", unlisted: ["extra.txt"] });
  });

  test("whose signature does not hold is shown as failed, one without its key as not checked", async () => {
    const draftId = await newDraft();
    const { bundle, pem } = await signedBundle({});
    await importInto(draftId, "a.sig", bundle);
    expect((await onlyImport(draftId)).signature?.state).toBe("not_checked");
    const other = await newDraft();
    const { bundle: stolen } = await signedBundle({});
    const forged = {
      ...bundle,
      dsseEnvelope: { ...bundle.dsseEnvelope, signatures: stolen.dsseEnvelope.signatures },
    };
    await importInto(other, "b.sig", forged, { publicKey: pem });
    expect((await onlyImport(other)).signature?.state).toBe("forged");
  });
});

describe("answers judged as slices", () => {
  const csv = ["label,prediction,confidence,length"]
    .concat(
      Array.from({ length: 200 }, (_, index) => {
        const label = index % 2 ? "spam" : "ham";
        const prediction = index % 2 || index % 8 === 0 ? "spam" : "ham";
        return `${label},${prediction},${index % 8 < 2 ? 0.6 : 0.95},short`;
      }),
    )
    .join("\n");

  async function withRows(): Promise<{ draftId: string; read: DraftImportView }> {
    const draftId = await newDraft();
    const input = { draftId, fileName: "rows.csv", dataSetName: "Mails", declaredLevel: "0.90" as const };
    await inTheEnd(
      uploadEvaluation(seller, Readable.from([csv]), {
        ...input,
        outputColumns: [],
        thresholds: [],
        found: "not_said" as const,
      }),
    );
    return { draftId, read: await onlyImport(draftId) };
  }

  test("are offered with their rows, and counted as discovered beside the slices of the file", async () => {
    const { draftId, read } = await withRows();
    expect(read.report.offers).toContainEqual({ prediction: "ham", n: 75 });
    expect(read.report.offers).toContainEqual({ prediction: "spam", minConfidence: 0.8, n: 75 });
    const predictions = [
      { prediction: "ham" },
      { prediction: "spam", minConfidence: 0.8 },
      { prediction: "never offered" },
    ].map(conditionText);
    await inTheEnd(countWithPredictions(seller, { importId: read.id, predictions }));
    const [evaluation, ...rest] = await listDraftEvaluations(seller, draftId);
    expect(rest).toEqual([]);
    const slices = evaluation?.summary.slices.map(({ name, n, k, discovered }) => ({
      name,
      n,
      k,
      discovered,
    }));
    expect(slices).toEqual([
      { name: "length: short", n: 200, k: 175, discovered: false },
      { name: "says spam at confidence ≥ 0.8", n: 75, k: 75, discovered: true },
      { name: "says ham", n: 75, k: 75, discovered: true },
    ]);
    // A condition on the answer leaves the base rate to all rows.
    expect(evaluation?.summary.slices[2]).toMatchObject({ baseN: 200, baseRate: 0.5 });
    await inTheEnd(
      countWithPredictions(seller, { importId: (await onlyImport(draftId)).id, predictions: [] }),
    );
    expect((await listDraftEvaluations(seller, draftId))[0]?.summary.slices).toHaveLength(1);
  });

  test("are not judged again once the rows are signed, nor are these removed", async () => {
    const { draftId, read } = await withRows();
    await uploadToDraft(seller, draftId, Readable.from(["model"]), { name: "m.txt", part: "weights" });
    await signEvaluation(seller, { evaluationId: read.evaluationId ?? "" });
    const signed = expect.objectContaining({ code: "evaluation_signed" });
    await expect(judgePredictions(seller, { importId: read.id, predictions: [] })).rejects.toThrow(signed);
    await expect(removeImport(seller, { importId: read.id })).rejects.toThrow(signed);
    expect((await onlyImport(draftId)).isSigned).toBe(true);
  });

  test("go with their evaluation when it is removed", async () => {
    const { draftId, read } = await withRows();
    await removeEvaluation(seller, { evaluationId: read.evaluationId ?? "" });
    expect(await listDraftImports(seller, draftId)).toEqual([]);
  });
});
