import { z } from "zod";

/** How two listings that hold the same file may be related. */
export const relationNames = ["same_model", "derived", "shared_component"] as const;
export type RelationName = (typeof relationNames)[number];

export const relationLabels: Record<RelationName, string> = {
  same_model: "the same model, listed twice",
  derived: "one was built on the other",
  shared_component: "a common component, such as a tokenizer",
};

export const relateFilesInput = z.object({
  listingId: z.string().min(1),
  otherListingId: z.string().min(1),
  relation: z.enum(relationNames),
});

export type RelationStatement = { statedById: string; relation: RelationName };

/**
 * Whether the flag on two listings that hold the same file is settled. One statement settles it between listings of
 * one seller; between sellers both must say the same, so that nobody explains away somebody else's files alone.
 */
export function isRelated(
  sellerId: string,
  otherSellerId: string,
  statements: readonly RelationStatement[],
): boolean {
  const own = statements.filter((statement) => statement.statedById === sellerId);
  const others = statements.filter((statement) => statement.statedById === otherSellerId);
  return own.some((mine) => others.some((theirs) => theirs.relation === mine.relation));
}
