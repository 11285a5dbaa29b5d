import { Validation, Spec } from "@cyclonedx/cyclonedx-library";
import { Readable } from "node:stream";
import { beforeAll, expect, test } from "vitest";
import { actorOf } from "@/lib/accounts/actor";
import { pauseListing, reopenListing } from "@/lib/catalogue/commands/change-status";
import { uploadToDraft } from "@/lib/selling/commands/draft-files";
import { saveDraft, startDraft } from "@/lib/selling/commands/edit-draft";
import { draftFieldsSchema } from "@/lib/catalogue/draft-fields";
import { db } from "@/lib/platform/db";
import { openInstallation } from "@/lib/platform/installation";
import { publishDraft } from "@/lib/selling/commands/publish-draft";
import { signEvaluation } from "@/lib/selling/commands/sign-evaluation";
import { inTheEnd } from "@/lib/selling/commands/read-patiently.fixture";
import { uploadEvaluation } from "@/lib/selling/commands/upload-evaluation";
import { readEnvelope } from "@/lib/statements/dsse";
import { isSignedBy } from "@/lib/statements/statements.fixture";
import { decodeBase64 } from "@/lib/shared/encoding";
import { importForeign } from "@/lib/formats/import-foreign";
import { openPlatformKey } from "../commands/platform-key";
import { findPassport, findSignedPassport } from "./passport";

const seller = actorOf({ accountId: "seller", displayName: "Seller" });
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

const rows = ["label,prediction,length"]
  .concat(
    Array.from({ length: 300 }, (_, index) => {
      const label = index % 2 ? "spam" : "ham";
      return `${label},${label},short\n${label},${index % 3 ? "ham" : "spam"},long`;
    }),
  )
  .join("\n");

async function publishListing() {
  const { draftId } = await startDraft(seller);
  const fields = draftFieldsSchema.parse({
    title: "Short mail",
    task: "text-classification",
    domain: "e-mail",
    languages: "en",
    declaredLevel: "0.90",
    contact: "me@example.com",
    parts: { weights: { pricing: "one_off", price: "90" } },
    limitations: { html_input: { presence: "present", severity: "minor", condition: "forwarded mails" } },
  });
  await saveDraft(seller, { draftId, revision: 0, fields, cardText: "# Short mail" });
  await uploadToDraft(seller, draftId, Readable.from(["the model"]), { name: "model.txt", part: "weights" });
  const about = {
    draftId,
    fileName: "rows.csv",
    dataSetName: "Mails of May",
    declaredLevel: "0.90" as const,
  };
  const { evaluationId } = await inTheEnd(
    uploadEvaluation(seller, Readable.from([rows]), {
      ...about,
      outputColumns: [],
      thresholds: [],
      found: "not_said" as const,
    }),
  );
  await signEvaluation(seller, { evaluationId });
  return { ...(await publishDraft(seller, { draftId })), evaluationId };
}

const documentOf = (passport: { bytes: Uint8Array } | null) =>
  JSON.parse(new TextDecoder().decode(passport?.bytes)) as {
    serialNumber: string;
    declarations: { claims: { predicate: string; evidence?: string[] }[]; evidence: { "bom-ref": string }[] };
  };

beforeAll(async () => {
  await openInstallation();
  await db.account.create({
    data: {
      id: "seller",
      email: "seller@example.test",
      passwordHash: "-",
      handle: "seller",
      displayName: "Seller",
      emailVerifiedAt: new Date(),
    },
  });
});

test("a passport states claims and what speaks against them, valid and with the signed record inside", async () => {
  const { slug, evaluationId } = await publishListing();
  const passport = await findPassport(slug);
  expect(await validator.validate(new TextDecoder().decode(passport?.bytes))).toBeNull();
  const { declarations } = documentOf(passport);
  const predicates = declarations.claims.map(({ predicate }) => predicate);
  expect(predicates).toEqual(
    expect.arrayContaining(["length: short: reaches 0.9", "length: long: does not reach 0.9"]),
  );
  expect(
    predicates.some((text) =>
      text.includes("Stated by the seller, not measured. In the seller’s words: forwarded mails"),
    ),
  ).toBe(true);
  const long = declarations.claims.find(({ predicate }) => predicate.startsWith("Long input"));
  expect(long?.predicate).toMatch(
    /Right answers in the slice “length: long”: 50\.0 % \(44\.4 – 55\.6\), 150 of 300, Wilson 95 %\. Signed by the seller, \d+ \w+ \d{4}, on Mails of May\./,
  );
  expect(long?.evidence).toEqual([`evidence:${evaluationId}`]);
  const { envelopeSha256 } = await db.evaluation.findUniqueOrThrow({ where: { id: evaluationId } });
  expect(JSON.stringify(declarations.evidence)).toContain(`${envelopeSha256}.dsse.json`);
  const read = await importForeign("passport.cdx.json", passport?.bytes ?? "");
  expect(read).toMatchObject({ format: "cyclonedx", traps: [], draft: { model: { name: "Short mail" } } });
});

test("the platform signs exactly the bytes that are served, and they stay the same until a fact changes", async () => {
  const { slug, listingId } = await publishListing();
  const passport = await findPassport(slug);
  const signed = await findSignedPassport(slug);
  const envelope = readEnvelope(signed?.envelope ?? "");
  if (!envelope || !passport) throw new Error("no passport");
  expect(decodeBase64(envelope.payload)).toEqual(passport.bytes);
  expect(await isSignedBy(envelope, [(await openPlatformKey()).spki])).toBe(true);
  expect((await findPassport(slug))?.bytes).toEqual(passport.bytes);
  await db.listing.update({ where: { id: listingId }, data: { title: "Renamed" } });
  const renamed = await findPassport(slug);
  expect(documentOf(renamed).serialNumber).not.toBe(documentOf(passport).serialNumber);
});

test("there is no passport of a listing that cannot be found", async () => {
  const { slug, listingId } = await publishListing();
  await pauseListing(seller, { listingId });
  expect(await findPassport(slug)).toBeNull();
  expect(await findSignedPassport(slug)).toBeNull();
  await reopenListing(seller, { listingId });
  expect(await findPassport(slug)).not.toBeNull();
  await db.listing.update({ where: { id: listingId }, data: { frozenAt: new Date() } });
  expect(await findPassport(slug)).toBeNull();
  expect(await findPassport("no-such-listing")).toBeNull();
});
