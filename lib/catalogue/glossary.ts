export type GlossaryEntry = {
  id: string;
  term: string;
  text: string;
  source?: { label: string; href: string };
};
export type GlossarySection = { id: string; title: string; lead?: string; entries: GlossaryEntry[] };

/** Every field term that a page uses, in plain words; statistics name where they come from. */
export const glossary: GlossarySection[] = [
  {
    id: "market",
    title: "What is for sale",
    entries: [
      {
        id: "model",
        term: "Model, model version",
        text: "The asset. A version is fixed by the digest of all its files: change one byte and it is another version. What was said of the old one is not said of the new one.",
      },
      {
        id: "listing",
        term: "Listing",
        text: "A seller’s standing offer to license a version, whole or in parts.",
      },
      {
        id: "part",
        term: "Part",
        text: "What a licence is for: the weights, an adapter, training data, evaluation records, attribution rights, or hosted access. A model that is of no use whole may still be worth its parts.",
      },
      {
        id: "niche",
        term: "Niche",
        text: "The job a listing is for: a task, a domain and a language. Slices that do not beat their base rate are no niche.",
      },
      {
        id: "licence",
        term: "Licence",
        text: "The rights that a deal grants, for a time or for ever. It survives the listing: pausing or retiring a listing ends no licence.",
      },
      {
        id: "standing_offer",
        term: "License now",
        text: "The seller has signed one price, one term and one set of rights in advance. You sign the same and the deal is made.",
      },
      {
        id: "answer",
        term: "Answer",
        text: "What the other side does with an offer: accept it, decline it, or make another in its place.",
      },
      {
        id: "held_payment",
        term: "Held payment",
        text: "Your payment is kept by a payment provider, or by the operator’s own account, until you have accepted what was delivered or the time to object has passed.",
      },
    ],
  },
  {
    id: "envelope",
    title: "Where a model works",
    entries: [
      {
        id: "evaluation",
        term: "Evaluation",
        text: "A run of one version on one data set, with results overall and for each slice.",
      },
      {
        id: "prediction",
        term: "Prediction",
        text: "What the model says to one row. It is right when it is the row’s label, character for character.",
      },
      {
        id: "slice",
        term: "Slice",
        text: "A named part of the data that can be told apart without knowing the right answer: by the input, or by the input and what the model said.",
      },
      {
        id: "operating_envelope",
        term: "Operating envelope",
        text: "The slices in which the level is shown to be reached. On the strip each slice is one cell: filled where the level is reached, hollow with a bar where it is missed, hatched where there is not enough evidence.",
      },
      {
        id: "level",
        term: "Level",
        text: "The share of right answers that is asked for: 80, 90, 95 or 99 %. The seller declares one for the niche; on every listing you can put your own in its place, and the strip is drawn again.",
      },
      {
        id: "verdict",
        term: "Reached, missed",
        text: "A slice is reached when an exact one-sided binomial test rejects “the true share is at most the level”, and missed when it rejects “at least the level”, each with an error of at most 2.5 % after Holm’s adjustment over every slice examined. Looking at many slices therefore does not make one of them look good by luck.",
        source: {
          label:
            "S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6 (1979)",
          href: "https://www.jstor.org/stable/4615733",
        },
      },
      {
        id: "not_enough_evidence",
        term: "Not enough evidence",
        text: "Neither reached nor missed could be shown on the rows there are. The page says about how many rows would decide it if the share seen went on. It is an honest state, not a bad mark.",
      },
      {
        id: "interval",
        term: "95 % interval",
        text: "The range of true shares that fit what was seen, for each slice by itself: by Wilson’s score method, or drawn over clusters where rows belong together. Fewer rows make it wider.",
        source: {
          label: "E. B. Wilson, Probable inference, JASA 22 (1927)",
          href: "https://doi.org/10.1080/01621459.1927.10502953",
        },
      },
      {
        id: "n",
        term: "n",
        text: "How many rows a figure rests on. With 0 failures in n rows the true rate of failure may still be about 3 in n.",
        source: {
          label:
            "J. A. Hanley, A. Lippman-Hand, If nothing goes wrong, is everything all right? JAMA 249 (1983)",
          href: "https://doi.org/10.1001/jama.1983.03330370053031",
        },
      },
      {
        id: "clusters",
        term: "Clusters",
        text: "Rows of one document, speaker or site, and near-copies, stand and fall together, so many of them show less than they seem to. Tests then take one row of each cluster, 1,000 times over, and twice the median counts; intervals are drawn by whole clusters.",
      },
      {
        id: "base_rate",
        term: "Base rate",
        text: "How often you would be right by always giving the most common answer, among the rows that meet the slice’s condition on the input.",
      },
      {
        id: "coverage",
        term: "Coverage",
        text: "The share of all rows that lie in a reached slice, each row counted once.",
      },
      {
        id: "cost_per_1000_correct",
        term: "Cost per 1,000 correct",
        text: "Price and compute of every call that has to be paid, divided by the right answers that are used, each share at the lower end of its interval. Where a slice is known only by the answer, calls outside it are paid too; where it is known by the input, they are not made. A one-off price is spread over 100,000 calls a month for 12 months unless you name your own volume, or over its term if that is shorter. Compute is the time measured here at a set rate. Where a part is not known, neither is the cost.",
      },
    ],
  },
  {
    id: "grades",
    title: "Who stands behind a figure",
    lead: "The grade says who stands behind a figure. It does not say that the figure is good.",
    entries: [
      { id: "claimed", term: "Stated, not shown", text: "There is no signed record." },
      {
        id: "seller_signed",
        term: "Signed by the seller",
        text: "The seller supplied the rows, whoever did the arithmetic.",
      },
      {
        id: "third_party",
        term: "Signed by an independent evaluator",
        text: "An account with that role, not linked to the seller. A model that runs at the seller never has more than this, because nobody else holds its files.",
      },
      {
        id: "platform_measured",
        term: "Measured here",
        text: "Offcut ran the exact files on rows that the seller did not hold.",
      },
      {
        id: "reproduced",
        term: "Reproduced independently",
        text: "Two or more unlinked runs agree within their intervals.",
      },
      {
        id: "stale",
        term: "Stale",
        text: "Evidence older than twelve months, or about another version than the one on offer.",
      },
      {
        id: "attestation",
        term: "Attestation",
        text: "A signed statement about exact files. Your browser checks the signature again; you need not trust this page for it.",
        source: { label: "in-toto attestations", href: "https://github.com/in-toto/attestation" },
      },
      {
        id: "statement",
        term: "Statement, envelope, entry",
        text: "A statement is what is said; an envelope is its text with the signature; an entry is the place of both in the public log.",
      },
      {
        id: "reply",
        term: "Reply",
        text: "What the seller says to evidence by somebody else, once. It stands beside the evidence and removes nothing.",
      },
      {
        id: "stance",
        term: "Confirmed, rejected",
        text: "The stance of a contributor on what a listing says of them. Until they take one it reads “not confirmed yet”.",
      },
      {
        id: "digest",
        term: "Digest",
        text: "A fingerprint of bytes (SHA-256). Two files with the same digest are the same file.",
        source: { label: "FIPS 180-4", href: "https://csrc.nist.gov/pubs/fips/180-4/upd1/final" },
      },
      {
        id: "timeline",
        term: "History",
        text: "Everything known of a listing in order, each entry with who says so. A gap is a time of which nobody reported anything; it is not proof that nothing happened.",
      },
    ],
  },
  {
    id: "limits",
    title: "How limits are stated",
    entries: [
      {
        id: "limitation",
        term: "Limitation",
        text: "A known failure of a fixed kind, with its severity. A figure stands beside it only where the run that the listing is judged by counted exactly what it names: that slice or class, and that share. Everything else reads “stated by the seller, not measured”. Stating one never costs a seller a place in the order.",
      },
      {
        id: "not_stated",
        term: "Not stated",
        text: "Nobody said that the model has the limit and nobody said that it was checked for it. When you exclude a limit you choose whether such listings pass.",
      },
      {
        id: "severity",
        term: "Minor, moderate, severe",
        text: "How much the limit takes away inside its condition: little, some, or most of what the model is good for.",
      },
    ],
  },
];
