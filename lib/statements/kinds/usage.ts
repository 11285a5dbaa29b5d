import { z } from "zod";
import { counted, date, percent, sentence, strong } from "../sentence";
import { agreementFacts } from "./claim-sentence";
import { agreedBy, count, instant, sha256, shortText } from "./field";
import { byRole, statementKind } from "./kind";

/** How much a model was used in a span of time. It names no buyer and holds no input or answer. */
const usagePredicateSchema = z.object({
  observer: z.object({ role: z.enum(["platform", "seller", "buyer"]), account: shortText }),
  agreedBy: agreedBy.optional(),
  listing: shortText,
  from: instant,
  to: instant,
  calls: count,
  /** Calls that were answered; the others failed or were refused. */
  answered: count,
  /** Digest of the records that were counted; null where there are none to open. */
  records: z.object({ sha256 }).nullable(),
});

/** Calls counted over a span of time. */
export const usageKind = statementKind({
  name: "usage",
  title: "Usage",
  schema: usagePredicateSchema,
  doesNotProve: [
    "that the answers were right or useful",
    "that the calls came from people unconnected with the seller",
  ],
  speakerOf: ({ observer, agreedBy }) => byRole(observer, agreedBy),
  capacityOf: ({ observer }) => (observer.role === "seller" ? { as: "seller" } : null),
  pastOf: ({ from, to }) => [from, to],
  spansOf: ({ from, to }) => [[from, to]],
  faultOf: ({ predicate: { calls, answered } }) => (answered > calls ? "count_exceeds" : null),
  sentencesOf: ({ predicate }) => {
    const { calls, answered, from, to, records } = predicate;
    const share = calls === 0 ? "" : `, ${percent((answered / calls).toFixed(6))} of them`;
    return {
      headline: sentence(
        ": from ",
        date(from),
        " to ",
        date(to),
        " it was called ",
        strong(counted(calls, "time")),
        ` and answered ${counted(answered, "time")}${share}.`,
      ),
      facts: [
        sentence(
          records === null
            ? "No records behind this count can be opened."
            : "The records that were counted have a digest, so that they can be compared later.",
        ),
        ...agreementFacts(predicate.agreedBy),
      ],
    };
  },
});
