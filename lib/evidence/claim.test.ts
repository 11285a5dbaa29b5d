import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ClaimDraft,
  type StatedListing,
  changesOfClaims,
  claimStatement,
  claimsOf,
  contentOf,
  stanceStatement,
  contributorOf,
} from "./claim";
import { speakerOf } from "@/lib/statements/kinds";
import { saltedCommitment } from "@/lib/statements/statement";

const salt = "5".repeat(64);
const files = "a".repeat(64);

const listing: StatedListing = {
  niche: { task: "text-classification", domain: "e-mail", languages: ["en"], declaredLevel: 0.9 },
  limitations: [
    {
      type: "html_input",
      presence: "present",
      severity: "severe",
      condition: "tables",
      measures: null,
    },
    ...["spam", "ham"].map((label) => ({
      type: "low_recall" as const,
      presence: "present" as const,
      severity: "minor" as const,
      condition: "",
      measures: { quantity: "recall" as const, class: label },
    })),
  ],
  dataOrigins: [
    { name: "Mails", source: "", licence: null, url: null, use: "training", rowCount: 10 },
    { name: "Mails", source: "", licence: "MIT", url: null, use: "training", rowCount: null },
  ],
  contributors: [
    { accountId: "seller", name: "Sel", contribution: "", shareBasisPoints: 5_000 },
    { accountId: "ann", name: "Ann", contribution: "labels", shareBasisPoints: 3_000 },
    { accountId: null, name: "Aunt", contribution: "advice", shareBasisPoints: 2_000 },
  ],
};

function keep(draft: ClaimDraft, id = draft.key) {
  return {
    id,
    listingId: "listing",
    sellerId: "seller",
    kind: draft.kind,
    key: draft.key,
    content: contentOf(draft, salt),
    subjectName: "model files",
    subjectSha256: files,
    nameSalt: draft.name === null ? null : salt,
    statedAt: new Date("2026-11-22T00:00:00.000Z"),
    replaces: null,
  };
}

test("a listing is one claim for each thing it states, and two of one name are told apart", () => {
  expect(claimsOf(listing).map(({ kind, key }) => `${kind}: ${key}`)).toEqual([
    "niche-claim: niche",
    "limitation: html_input",
    expect.stringMatching(/^limitation: low_recall-[0-9a-f]{16}$/),
    expect.stringMatching(/^limitation: low_recall-[0-9a-f]{16}$/),
    "data-origin: training: Mails",
    "data-origin: training: Mails #2",
    "contribution: account: seller",
    "contribution: account: ann",
    "contribution: name: Aunt",
  ]);
  const empty = { niche: null, limitations: [], dataOrigins: [], contributors: [] };
  expect(claimsOf(empty)).toEqual([]);
});

test("every claim makes a statement of its kind in which the seller speaks, without fractions or names", () => {
  for (const draft of claimsOf(listing)) {
    const statement = claimStatement(keep(draft));
    expect(speakerOf(statement)).toEqual({ by: "account", accountId: "seller", agreedBy: "device_key" });
    expect(JSON.stringify(statement)).not.toMatch(/Aunt|"Ann"|"Sel"/);
  }
});

test("somebody without an account is named by a salted digest, which needs a salt", () => {
  const aunt = claimsOf(listing).find(({ name }) => name === "Aunt");
  if (!aunt) throw new Error("The aunt is claimed.");
  expect(contentOf(aunt, salt)["contributor"]).toEqual({ nameCommitment: saltedCommitment("Aunt", salt) });
  expect(() => contentOf(aunt, null)).toThrow(RangeError);
  expect(contributorOf(keep(aunt))).toBeNull();
});

test("nothing changes while a listing says the same of the same files", () => {
  const drafts = claimsOf(listing);
  const standing = drafts.map((draft) => keep(draft));
  expect(changesOfClaims(standing, drafts, files)).toEqual({ fresh: [], replaced: [], ended: [] });
  const others = changesOfClaims(standing, drafts, "b".repeat(64));
  expect(others.replaced).toHaveLength(drafts.length);
});

test("after the changes the standing claims are those that the listing states, whatever stood before", () => {
  const drafts = claimsOf(listing);
  fc.assert(
    fc.property(fc.subarray(drafts), fc.subarray(drafts), fc.subarray(drafts), (before, after, altered) => {
      const said = (draft: ClaimDraft) =>
        altered.includes(draft) ? { ...draft, content: { ...draft.content, more: "x" } } : draft;
      const standing = before.map((draft) => keep(draft));
      const { fresh, replaced, ended } = changesOfClaims(standing, after.map(said), files);
      const kept = standing.filter(
        (claim) => !ended.includes(claim) && !replaced.some((change) => change.kept === claim),
      );
      const now = [...kept, ...fresh, ...replaced.map(({ draft }) => draft)];
      expect(now.map(({ key }) => key).sort()).toEqual(after.map(({ key }) => key).sort());
      expect(replaced.every(({ draft }) => altered.some(({ key }) => key === draft.key))).toBe(true);
    }),
  );
});

test("the answer of a contributor says the same as the claim and is spoken by who is named", () => {
  const ann = claimsOf(listing).find(({ key }) => key === "account: ann");
  if (!ann) throw new Error("Ann is claimed.");
  const claim = { ...keep(ann), replaces: "d".repeat(64) };
  const answers = "c".repeat(64);
  const statement = stanceStatement(claim, { stance: "rejected", answers, at: new Date(0) });
  expect(statement.predicate).toMatchObject({
    stance: "rejected",
    answers,
    contribution: "labels",
    shareBasisPoints: 3_000,
  });
  expect(statement.predicate).not.toHaveProperty("replaces");
  expect(speakerOf(statement)).toEqual({ by: "account", accountId: "ann", agreedBy: "device_key" });
});
