import { z } from "zod";
import { UNSEEN_REFUSED, isPlainName } from "@/lib/shared/plain-name";

export const rightNames = ["useCommercially", "modify", "redistribute", "sublicense"] as const;
export type RightName = (typeof rightNames)[number];

export const rightLabels: Record<RightName, string> = {
  useCommercially: "Use commercially",
  modify: "Modify",
  redistribute: "Redistribute",
  sublicense: "Sublicense",
};

/** In addresses and in the API rights are written in snake case. */
export const rightSlugs: Record<RightName, string> = {
  useCommercially: "use_commercially",
  modify: "modify",
  redistribute: "redistribute",
  sublicense: "sublicense",
};

const answer = z.enum(["yes", "no", "not_stated"]);
export type RightChoice = z.infer<typeof answer>;

/** What a licence allows. "not_stated" never grants anything. */
export const rightsSchema = z.object({
  useCommercially: answer.default("not_stated"),
  modify: answer.default("not_stated"),
  redistribute: answer.default("not_stated"),
  sublicense: answer.default("not_stated"),
  fieldOfUse: z.string().trim().max(300).refine(isPlainName, UNSEEN_REFUSED).nullable().default(null),
});
export type Rights = z.infer<typeof rightsSchema>;
