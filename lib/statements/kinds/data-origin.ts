import { z } from "zod";
import { counted, sentence, strong } from "../sentence";
import { claimKind } from "./claim-sentence";
import { claimFields, count } from "./field";

const dataOriginPredicateSchema = z.object({
  ...claimFields,
  data: z.object({
    name: z.string().max(200),
    /** Where it comes from, in words. */
    source: z.string().max(500),
    /** Null where it is not stated. */
    licence: z.string().max(200).nullable(),
    url: z.string().max(2_000).nullable(),
    use: z.enum(["training", "evaluation"]),
    rowCount: count.nullable(),
  }),
});

/** Where data of a model come from, by its seller's word. */
export const dataOriginKind = claimKind({
  name: "data-origin",
  title: "Origin of data",
  schema: dataOriginPredicateSchema,
  doesNotProve: [
    "that no other data were used",
    "that the licence allows what was done with the data",
    "that the data are what their name says",
  ],
  claimOf: ({ data }) => {
    const rows = data.rowCount === null ? "" : ` (${counted(data.rowCount, "row")})`;
    const how = data.use === "training" ? "it was trained on " : "it was evaluated on ";
    return [how, strong(data.name), `${rows}.`];
  },
  factsOf: ({ data }) => [
    ...(data.source === "" ? [] : [sentence(`Where from: ${data.source}`)]),
    ...(data.url === null ? [] : [sentence(`Address: ${data.url}`)]),
    sentence(data.licence === null ? "Its licence is not stated." : `Its licence: ${data.licence}.`),
  ],
});
