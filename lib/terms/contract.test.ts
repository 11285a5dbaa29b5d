import { expect, test } from "vitest";
import { readContract, requireContractFiles, requireRepeatsStandingTerms, sealTerms } from "./contract";
import { clauseFactsOf, clausesOf, contractText } from "./clauses";
import { contractTerms, standingTerms } from "./draw-contract";
import { requireSignedThis, signatureStatement } from "@/lib/deals/signature";

const facts = {
  saltHex: "ab".repeat(32),
  seller: { accountId: "s", name: "Seller" },
  buyer: { accountId: "b", name: "Buyer" },
  dealId: "deal-1",
  feeBasisPoints: 500,
  basis: { offerNumber: 2 },
  listing: { id: "l", title: "Shelf sorter" },
  version: { id: "v", number: 2, modelDigest: "cd".repeat(32) },
  part: "weights" as const,
  files: [
    { path: "b.onnx", sha256: "22".repeat(32), sizeBytes: "20" },
    { path: "a.json", sha256: "11".repeat(32), sizeBytes: "10" },
  ],
  priceMinor: 21_000n,
  currency: "EUR",
  termMonths: 12,
  rights: {
    useCommercially: "yes" as const,
    modify: "no" as const,
    redistribute: "no" as const,
    sublicense: "no" as const,
    fieldOfUse: null,
  },
};
const code = (text: string) => expect.objectContaining({ code: text });

test("the same terms have the same digest whatever the order of their files, and another salt another one", () => {
  const digest = sealTerms(contractTerms(facts)).termsSha256;
  expect(sealTerms(contractTerms({ ...facts, files: [...facts.files].reverse() })).termsSha256).toBe(digest);
  expect(sealTerms(contractTerms({ ...facts, saltHex: "ac".repeat(32) })).termsSha256).not.toBe(digest);
});

test("a contract reads back as it was written, and a changed byte is noticed", () => {
  const sealed = sealTerms(contractTerms(facts));
  expect(readContract(sealed)).toEqual(contractTerms(facts));
  expect(() => readContract({ ...sealed, terms: sealed.terms.replace("21000", "11000") })).toThrow(
    code("contract_damaged"),
  );
});

test.each([
  ["price", { priceMinor: 1n }],
  ["term", { termMonths: null }],
  ["version", { version: { ...facts.version, id: "v2" } }],
  ["files", { files: [] }],
  ["rights", { rights: { ...facts.rights, modify: "yes" as const } }],
])("a contract that differs from the standing offer in its %s is refused", (_what, change) => {
  const standing = standingTerms(facts);
  expect(() => requireRepeatsStandingTerms(contractTerms(facts), standing)).not.toThrow();
  expect(() => requireRepeatsStandingTerms(contractTerms({ ...facts, ...change }), standing)).toThrow(
    code("standing_offer_differs"),
  );
});

test("only exactly the contract's files are a delivery", () => {
  const terms = contractTerms(facts);
  const [first] = facts.files;
  expect(() => requireContractFiles(terms, facts.files)).not.toThrow();
  for (const files of [
    [],
    first ? [first] : [],
    [...facts.files, { path: "c", sha256: "33".repeat(32), sizeBytes: "1" }],
  ])
    expect(() => requireContractFiles(terms, files)).toThrow(code("files_differ"));
  const swapped = facts.files.map((file) => ({ ...file, sha256: "44".repeat(32) }));
  expect(() => requireContractFiles(terms, swapped)).toThrow(code("files_differ"));
});

test("the page of terms and the download say the same, and a free licence says nothing of a held payment", () => {
  const terms = contractTerms(facts);
  const text = contractText(terms, sealTerms(terms).termsSha256);
  for (const clause of clausesOf(clauseFactsOf(terms, 500))) expect(text).toContain(clause.text);
  const free = clausesOf(clauseFactsOf(contractTerms({ ...facts, priceMinor: 0n }), 500));
  expect(free.map((clause) => clause.text).join(" ")).not.toContain("payment");
});

test("a signature about another digest, deal, party or account is not this signature", () => {
  const asked = {
    record: "contract" as const,
    subjectId: "deal-1",
    party: "buyer" as const,
    accountId: "b",
    sessionId: null,
    termsSha256: sealTerms(contractTerms(facts)).termsSha256,
    modelDigest: facts.version.modelDigest,
    saltHex: facts.saltHex,
  };
  const at = new Date("2026-01-01T00:00:00Z");
  expect(() => requireSignedThis(signatureStatement(asked, at), asked)).not.toThrow();
  const others = [
    { termsSha256: "0".repeat(64) },
    { subjectId: "deal-2" },
    { party: "seller" as const },
    { accountId: "c" },
    { sessionId: "session" },
    { record: "acceptance" as const },
  ];
  for (const other of others) {
    expect(() => requireSignedThis(signatureStatement({ ...asked, ...other }, at), asked)).toThrow(
      code("signed_something_else"),
    );
  }
});
