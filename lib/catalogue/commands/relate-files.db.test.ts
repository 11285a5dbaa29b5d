import { randomBytes } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { actorOf } from "@/lib/accounts/actor";
import { db, inTransaction } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { listSameFiles } from "../queries/same-files";
import { publishListing } from "./publish-listing";
import { relateFiles } from "./relate-files";

const ada = actorOf({ accountId: "ada" });
const ben = actorOf({ accountId: "ben" });
const notFound = expect.objectContaining({ code: "not_found" });

/** A listing of one file with these bytes. */
async function listed(sellerId: string, sha256: string): Promise<string> {
  const { id: storedFileId } = await db.storedFile.create({
    data: {
      ownerId: sellerId,
      sha256,
      sizeBytes: 10n,
      storageKey: randomBytes(8).toString("hex"),
      format: "onnx",
    },
  });
  const { listingId } = await inTransaction(async (tx) =>
    publishListing(tx, {
      sellerId,
      title: `Caller of ${sellerId}`,
      contact: "seller@example.test",
      niche: { task: "text-classification", domain: "e-mail", languages: ["en"], declaredLevel: "0.90" },
      artifact: { kind: "files", files: [{ storedFileId, path: "model.onnx" }] },
      parts: [{ part: "weights", pricing: "free", priceMinor: 0n, termMonths: null }],
    }),
  );
  return listingId;
}

const newDigest = () => randomBytes(32).toString("hex");
const flagOf = async (listingId: string) => {
  const [same, ...rest] = await listSameFiles(listingId);
  expect(rest).toEqual([]);
  return same && { other: same.listingId, isRelated: same.isRelated };
};

beforeAll(openInstallation);

test("the same file in two listings is flagged on both until both sellers state the same relation", async () => {
  const digest = newDigest();
  const [first, second] = [await listed("ada", digest), await listed("ben", digest)];
  const flags = async (isRelated: boolean) => {
    expect(await flagOf(first)).toEqual({ other: second, isRelated });
    expect(await flagOf(second)).toEqual({ other: first, isRelated });
  };
  await flags(false);
  await relateFiles(ada, { listingId: first, otherListingId: second, relation: "derived" });
  await flags(false);
  await relateFiles(ben, { listingId: second, otherListingId: first, relation: "shared_component" });
  await flags(false);
  // A later statement replaces the earlier one.
  await relateFiles(ben, { listingId: second, otherListingId: first, relation: "derived" });
  await flags(true);
  expect(await db.fileRelation.count({ where: { sha256: digest } })).toBe(2);
});

test("between listings of one seller one statement settles it", async () => {
  const digest = newDigest();
  const [first, second] = [await listed("ada", digest), await listed("ada", digest)];
  expect(await flagOf(second)).toEqual({ other: first, isRelated: false });
  await relateFiles(ada, { listingId: first, otherListingId: second, relation: "same_model" });
  expect(await flagOf(first)).toEqual({ other: second, isRelated: true });
  expect(await flagOf(second)).toEqual({ other: first, isRelated: true });
});

test("nobody states a relation for somebody else's listing, or where no file is shared", async () => {
  const digest = newDigest();
  const [first, second] = [await listed("ada", digest), await listed("ben", digest)];
  const apart = await listed("ada", newDigest());
  const relation = "derived" as const;
  await expect(relateFiles(ben, { listingId: first, otherListingId: second, relation })).rejects.toThrow(
    notFound,
  );
  await expect(relateFiles(ada, { listingId: apart, otherListingId: second, relation })).rejects.toThrow(
    notFound,
  );
  expect(await flagOf(first)).toEqual({ other: second, isRelated: false });
  expect(await listSameFiles(apart)).toEqual([]);
});

test("a listing that was taken down flags nobody", async () => {
  const digest = newDigest();
  const [first, second] = [await listed("ada", digest), await listed("ben", digest)];
  await db.listing.update({ where: { id: second }, data: { takenDownAt: new Date() } });
  expect(await listSameFiles(first)).toEqual([]);
});
