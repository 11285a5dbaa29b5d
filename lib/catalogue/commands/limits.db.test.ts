import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { actorOf } from "@/lib/accounts/actor";
import { limits } from "@/lib/accounts/limits";
import { race } from "@/lib/accounts/person.fixture";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import type { ListingInput } from "../listing";
import { pauseListing, reopenListing, retireListing } from "./change-status";
import { publishListing } from "./publish-listing";
import { reviseListing } from "./revise-listing";
import { unwatchListing, watchListing } from "./watch-listing";

beforeAll(openInstallation);

const refused = { code: "limit_reached" };

async function listingOf(sellerId: string): Promise<ListingInput> {
  const { id: storedFileId } = await db.storedFile.create({
    data: {
      ...{ ownerId: sellerId, sha256: randomBytes(32).toString("hex"), sizeBytes: 10n, format: "onnx" },
      storageKey: randomBytes(8).toString("hex"),
    },
  });
  return {
    title: `Caller of ${sellerId}`,
    contact: "seller@example.test",
    niche: { task: "text-classification", domain: "e-mail", languages: ["en"], declaredLevel: "0.90" },
    artifact: { kind: "files", files: [{ storedFileId, path: "model.onnx" }] },
    parts: [{ part: "weights", pricing: "free", priceMinor: 0n, termMonths: null }],
  };
}

async function publish(sellerId: string) {
  const input = await listingOf(sellerId);
  return inTransaction((tx) => publishListing(tx, { ...input, sellerId }));
}

/** So many more listings like this one. */
async function repeatListing(listingId: string, count: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO "Listing" (id, slug, "sellerId", "modelId", "versionId", title, contact, currency)
    SELECT gen_random_uuid()::text, gen_random_uuid()::text, "sellerId", "modelId", "versionId", title, contact, currency
    FROM "Listing", generate_series(1, ${count}) WHERE id = ${listingId} RETURNING id`;
  return rows.map(({ id }) => id);
}

test("a seller has a thousand listings that are not retired, also at the same moment", async () => {
  const { listingId } = await publish("big-seller");
  await repeatListing(listingId, limits.listings - 3);
  const raced = await race(Array(4).fill(() => publish("big-seller")));
  expect(raced).toEqual({ won: 2, codes: Array(2).fill("limit_reached") });
  await retireListing(actorOf({ accountId: "big-seller" }), { listingId });
  await expect(publish("big-seller")).resolves.toBeDefined();
});

test("an account watches a thousand listings, also at the same moment, and the same one again is none more", async () => {
  const { listingId } = await publish("watched-seller");
  const others = await repeatListing(listingId, limits.watched + 2);
  const ada = actorOf({ accountId: "ada" });
  await db.watchedListing.createMany({
    data: others.slice(0, limits.watched - 2).map((id) => ({ accountId: "ada", listingId: id })),
  });
  const raced = await race(
    others.slice(limits.watched - 2).map((id) => () => watchListing(ada, { listingId: id })),
  );
  expect(raced).toEqual({ won: 2, codes: Array(2).fill("limit_reached") });
  await watchListing(ada, { listingId: others[0] ?? "" });
  await unwatchListing(ada, { listingId: others[0] ?? "" });
  await watchListing(ada, { listingId });
});

test("a listing changes thirty times in a day, and can still be retired", async () => {
  const { listingId } = await publish("changing");
  const seller = actorOf({ accountId: "changing" });
  for (let change = 0; change < limits.changesOfListingInDay; change++)
    await (change % 2 === 0 ? pauseListing : reopenListing)(seller, { listingId });
  await expect(pauseListing(seller, { listingId })).rejects.toMatchObject(refused);
  const input = await listingOf("changing");
  await expect(inTransaction((tx) => reviseListing(tx, seller, listingId, input))).rejects.toMatchObject(
    refused,
  );
  await retireListing(seller, { listingId });
});

test("a model has five hundred versions; its terms can still change", async () => {
  const { listingId, versionId } = await publish("versions");
  const seller = actorOf({ accountId: "versions" });
  await db.$executeRaw`
    INSERT INTO "ModelVersion" (id, "modelId", number, kind)
    SELECT gen_random_uuid()::text, "modelId", number + step, 'card_only'
    FROM "ModelVersion", generate_series(1, ${limits.versionsOfModel - 1}) AS step WHERE id = ${versionId}`;
  const input = await listingOf("versions");
  await expect(inTransaction((tx) => reviseListing(tx, seller, listingId, input))).rejects.toMatchObject(
    refused,
  );
  const [file] = await db.versionFile.findMany({ where: { versionId } });
  const files = [{ storedFileId: file?.storedFileId ?? "", path: "model.onnx" }];
  const same: ListingInput = { ...input, artifact: { kind: "files", files } };
  await expect(inTransaction((tx) => reviseListing(tx, seller, listingId, same))).resolves.toMatchObject({
    versionId,
  });
});
