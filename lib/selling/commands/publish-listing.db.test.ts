import { beforeAll, expect, test } from "vitest";
import { actorOf } from "@/lib/accounts/actor";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import type { ListingInput } from "@/lib/catalogue/listing";
import {
  freezeListing,
  restoreListing,
  takeDownListing,
  unfreezeListing,
} from "@/lib/catalogue/commands/moderate-listing";
import { pauseListing, reopenListing, retireListing } from "@/lib/catalogue/commands/change-status";
import { publishListing } from "@/lib/catalogue/commands/publish-listing";
import { reviseListing } from "@/lib/catalogue/commands/revise-listing";
import { setStanding } from "@/lib/catalogue/commands/set-standing";
import type { LimitFigure, LimitLink } from "@/lib/catalogue/limitation-link";
import { Prisma } from "@/prisma/generated/client";

const seller = actorOf({ accountId: "seller" });
const stranger = actorOf({ accountId: "stranger" });
let fileNumber = 0;

async function storedFile(ownerId = "seller", sha256 = "a".repeat(64)): Promise<string> {
  const { id } = await db.storedFile.create({
    data: {
      ownerId,
      sha256,
      sizeBytes: 10n,
      storageKey: `key-${fileNumber++}`,
      format: "onnx",
    },
  });
  return id;
}

function input(storedFileId: string, change: Partial<ListingInput> = {}): ListingInput {
  return {
    title: "Shelf sorter",
    contact: "seller@example.test",
    niche: { task: "text-classification", domain: "software", languages: ["en"], declaredLevel: "0.90" },
    artifact: { kind: "files", files: [{ storedFileId, path: "model.onnx" }] },
    parts: [{ part: "weights", pricing: "one_off", priceMinor: 24_000n, termMonths: 12 }],
    limitations: [{ type: "html_input", severity: "severe" }],
    contributors: [
      { name: "Ada", shareBasisPoints: 7000 },
      { name: "Ben", shareBasisPoints: 3000 },
    ],
    ...change,
  };
}

const publish = async (change: Partial<ListingInput> = {}) => {
  const file = await storedFile();
  return inTransaction((tx) => publishListing(tx, { ...input(file, change), sellerId: "seller" }));
};

beforeAll(openInstallation);

test("publishing makes model, version, files, listing, details, timeline and search columns", async () => {
  const { listingId, slug, versionId } = await publish();
  const listing = await db.listing.findUniqueOrThrow({
    where: { id: listingId },
    include: { parts: true, limitations: true, contributors: true, events: true },
  });
  const version = await db.modelVersion.findUniqueOrThrow({
    where: { id: versionId },
    include: { files: true },
  });
  expect(slug).toMatch(/^shelf-sorter/);
  expect(version).toMatchObject({
    number: 1,
    kind: "files",
    modelDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(version.files.map((file) => file.path)).toEqual(["model.onnx"]);
  expect(listing).toMatchObject({
    isShown: true,
    priceMinor: 24_000n,
    status: "open",
    evidenceGrade: "claimed",
  });
  expect(listing.tags.length).toBeGreaterThan(6);
  expect(listing.events.map((event) => event.kind)).toEqual(["listed"]);
});

test("one title listed many times at once gets as many addresses", async () => {
  const published = await Promise.all(Array.from({ length: 6 }, () => publish({ title: "The very same" })));
  expect(new Set(published.map((one) => one.slug)).size).toBe(6);
});

test("a version and its files can be neither changed nor joined later", async () => {
  const { versionId } = await publish();
  await expect(db.modelVersion.update({ where: { id: versionId }, data: { card: "x" } })).rejects.toThrow();
  await expect(db.versionFile.updateMany({ where: { versionId }, data: { path: "x" } })).rejects.toThrow();
  await expect(db.versionFile.deleteMany({ where: { versionId } })).rejects.toThrow();
  const late = {
    versionId,
    storedFileId: await storedFile(),
    path: "late",
    sha256: "b".repeat(64),
    sizeBytes: 1n,
  };
  await expect(db.versionFile.create({ data: late })).rejects.toThrow();
});

test("the files of another seller cannot be listed", async () => {
  const foreign = await storedFile("stranger");
  await expect(
    inTransaction((tx) => publishListing(tx, { ...input(foreign), sellerId: "seller" })),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("a broken rule leaves nothing behind", async () => {
  const before = await db.model.count();
  await expect(publish({ niche: null })).rejects.toMatchObject({ code: "listing_invalid" });
  await expect(publish({ contributors: [{ name: "Ada", shareBasisPoints: 9999 }] })).rejects.toMatchObject({
    code: "listing_invalid",
    fields: { contributors: expect.any(String) },
  });
  expect(await db.model.count()).toBe(before);
});

test("shares that do not add up are refused by the database too", async () => {
  const { listingId } = await publish();
  await expect(
    db.contributorShare.updateMany({ where: { listingId, name: "Ada" }, data: { shareBasisPoints: 6999 } }),
  ).rejects.toThrow(/add up to 9999/);
});

const standing = {
  evidenceGrade: "platform_measured" as const,
  evidenceAt: new Date("2026-01-01T00:00:00Z"),
  envelope: [],
  evaluatedRows: 100,
  judgedLevel: 0.9,
  cost: { state: "known" as const, value: 31_000n, lower: 29_000n, upper: 31_000n },
  figures: [],
};

test("new files make a new version without the old evidence, and leave the old version as it was", async () => {
  const { listingId, versionId } = await publish();
  await inTransaction((tx) => setStanding(tx, listingId, standing));
  const file = await storedFile("seller", "c".repeat(64));
  const revised = await inTransaction((tx) => reviseListing(tx, seller, listingId, input(file)));
  expect(revised.versionId).not.toBe(versionId);
  expect(await db.modelVersion.findUniqueOrThrow({ where: { id: revised.versionId } })).toMatchObject({
    number: 2,
  });
  expect(await db.listing.findUniqueOrThrow({ where: { id: listingId } })).toMatchObject({
    evidenceGrade: "claimed",
    evaluatedRows: 0,
    costPer1kCorrectMilli: null,
    costUnknownBecause: "no_evidence",
  });
  expect(await db.versionFile.count({ where: { versionId } })).toBe(1);
});

const recallOf = (label: string) => ({ quantity: "recall" as const, class: label });

test("limitations of one type stand for different classes, each with a figure of its own class alone", async () => {
  const { listingId } = await publish({
    limitations: ["spam", "ham"].map((label) => ({ type: "low_recall" as const, measures: recallOf(label) })),
  });
  const [first, second] = await db.listingLimitation.findMany({ where: { listingId, type: "low_recall" } });
  const figureOf = (of: LimitLink) => ({
    ...{
      of,
      k: 608,
      n: 778,
      value: 0.78,
      lower: 0.75,
      upper: 0.81,
      intervalMethod: "wilson_95" as const,
      clusters: null,
    },
    ...{
      evaluationId: "e",
      dataSetName: "Mails",
      grade: "platform_measured" as const,
      measuredAt: new Date(),
    },
  });
  const write = (figure: LimitFigure) =>
    inTransaction((tx) =>
      setStanding(tx, listingId, { ...standing, figures: [{ limitationId: first!.id, figure }] }),
    );
  await write(figureOf(first!.measures as LimitLink));
  const figures = async () =>
    (await db.listingLimitation.findMany({ where: { listingId, figure: { not: Prisma.DbNull } } })).map(
      ({ id }) => id,
    );
  expect(await figures()).toEqual([first!.id]);
  // The figure of another class is refused by the database, whoever writes it.
  await expect(write(figureOf(second!.measures as LimitLink))).rejects.toThrow(/ListingLimitation_figure/);
  expect(await figures()).toEqual([first!.id]);
  await inTransaction((tx) => setStanding(tx, listingId, standing));
  expect(await figures()).toEqual([]);
});

test.each([
  [
    [
      { type: "low_recall", measures: recallOf("spam") },
      { type: "low_recall", measures: recallOf("spam") },
    ],
  ],
  [[{ type: "low_recall", measures: { quantity: "precision", class: "spam" } }]],
  [[{ type: "html_input", presence: "absent" }, { type: "html_input" }]],
  [[{ type: "html_input", presence: "absent", measures: { quantity: "accuracy", slice: "s", name: "s" } }]],
] satisfies [NonNullable<ListingInput["limitations"]>][])(
  "limitations %j are refused",
  async (limitations) => {
    await expect(publish({ limitations })).rejects.toMatchObject({
      code: "listing_invalid",
      fields: { limitations: expect.any(String) },
    });
  },
);

test("the database keeps one limitation of a type for one figure, and a cost or the reason why there is none", async () => {
  const { listingId } = await publish({ limitations: [{ type: "low_recall", measures: recallOf("spam") }] });
  const row = { listingId, type: "low_recall", measures: recallOf("spam") };
  await expect(db.listingLimitation.create({ data: row })).rejects.toThrow(/ListingLimitation_one|Unique/);
  for (const measures of [
    { quantity: "f1" },
    { quantity: "recall" },
    { quantity: "accuracy", class: "spam" },
  ])
    await expect(db.listingLimitation.create({ data: { ...row, measures } })).rejects.toThrow(
      /ListingLimitation_measures/,
    );
  for (const data of [{ costPer1kCorrectMilli: 0n }, { costUnknownBecause: null }])
    await expect(db.listing.update({ where: { id: listingId }, data })).rejects.toThrow(/Listing_cost/);
});

test("new terms for the same files keep version and evidence", async () => {
  const { listingId, versionId } = await publish();
  await inTransaction((tx) => setStanding(tx, listingId, standing));
  const file = await storedFile();
  const cheaper = input(file, { parts: [{ part: "weights", pricing: "free", priceMinor: 0n }] });
  const revised = await inTransaction((tx) => reviseListing(tx, seller, listingId, cheaper));
  expect(revised.versionId).toBe(versionId);
  expect(await db.listing.findUniqueOrThrow({ where: { id: listingId } })).toMatchObject({
    evidenceGrade: "platform_measured",
    priceMinor: 0n,
  });
});

test("two revisions at once make versions 2 and 3", async () => {
  const { listingId } = await publish();
  const files = await Promise.all(["d", "e"].map((digit) => storedFile("seller", digit.repeat(64))));
  const revised = await Promise.all(
    files.map((file) => inTransaction((tx) => reviseListing(tx, seller, listingId, input(file)))),
  );
  const versions = await db.modelVersion.findMany({
    where: { id: { in: revised.map((one) => one.versionId) } },
  });
  expect(versions.map((version) => version.number).sort()).toEqual([2, 3]);
});

test("for a stranger a listing cannot be revised, paused, reopened or retired: it does not exist", async () => {
  const { listingId } = await publish();
  const file = await storedFile("stranger");
  const refusal = expect.objectContaining({ code: "not_found" });
  await expect(inTransaction((tx) => reviseListing(tx, stranger, listingId, input(file)))).rejects.toEqual(
    refusal,
  );
  for (const command of [pauseListing, reopenListing, retireListing])
    await expect(command(stranger, { listingId })).rejects.toEqual(refusal);
});

test("only an open listing that no moderator stopped is shown", async () => {
  const { listingId } = await publish();
  const shown = async () => (await db.listing.findUniqueOrThrow({ where: { id: listingId } })).isShown;
  await pauseListing(seller, { listingId });
  expect(await shown()).toBe(false);
  await reopenListing(seller, { listingId });
  expect(await shown()).toBe(true);
  await inTransaction((tx) => freezeListing(tx, listingId, "a claim"));
  expect(await shown()).toBe(false);
  await inTransaction((tx) => unfreezeListing(tx, listingId, "settled"));
  await inTransaction((tx) => takeDownListing(tx, listingId, "stolen"));
  expect(await shown()).toBe(false);
  await inTransaction((tx) => restoreListing(tx, listingId, "appeal granted"));
  expect(await shown()).toBe(true);
  await retireListing(seller, { listingId });
  expect(await shown()).toBe(false);
  await expect(reopenListing(seller, { listingId })).rejects.toMatchObject({ code: "listing_status" });
});

test("what a timeline says can be neither changed nor removed", async () => {
  const { listingId } = await publish();
  await expect(db.timelineEvent.deleteMany({ where: { listingId } })).rejects.toThrow();
  await expect(
    db.timelineEvent.updateMany({ where: { listingId }, data: { text: "better" } }),
  ).rejects.toThrow();
});
