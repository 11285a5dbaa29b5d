import { randomUUID } from "node:crypto";
import type { Tx } from "@/lib/platform/db";

/** A listing whose version has this digest: the rows that publishing writes, of files that nobody has. */
export async function openListing(tx: Tx, sellerId: string, modelDigest: string): Promise<void> {
  const model = await tx.model.create({ data: { ownerId: sellerId, name: "A model under test" } });
  const version = { modelId: model.id, number: 1, kind: "files", modelDigest } as const;
  const { id: versionId } = await tx.modelVersion.create({ data: version });
  await tx.listing.create({
    data: {
      ...{ sellerId, versionId, modelId: model.id, title: model.name },
      ...{ slug: randomUUID(), contact: "seller@example.test", currency: "EUR" },
    },
  });
}
