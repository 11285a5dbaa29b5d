import type { DemoModel } from "../demo-model";
import { listing as files } from "../german-paperwork-iso/listing";
import { moderate } from "../listing-terms";

/** The same model by its seller's word: nobody but the seller can see what answers, so nothing of the files is claimed. */
export const listing: DemoModel = {
  ...files,
  slug: "german-paperwork-served",
  title: "German dates and amounts, served",
  oneLine:
    "It runs at its seller, who says that it is the model of “German dates and amounts to ISO”; nobody else can see that, and it may change. Asked for one German date or one amount in euros, it wrote the ISO form.",
  runtime: "endpoint",
  served: files.slug,
  limitations: [
    ...files.limitations,
    moderate(
      "endpoint_may_change",
      "The server of a demo on this machine: it answers one question at a time.",
    ),
  ],
  parts: [{ part: "hosted_access", priceMinor: 15, pricing: "per_1000_calls", termMonths: 12 }],
  mayRedistributeFiles: false,
};
