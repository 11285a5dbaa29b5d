import { cleanText } from "@/lib/shared/clean-text";
import { sha256 } from "@noble/hashes/sha2.js";
import { intervalTexts } from "@/lib/catalogue/cost-text";
import { limitationTypes } from "@/lib/catalogue/limitation";
import { partLabels, termText } from "@/lib/catalogue/part";
import { type Rights, rightLabels, rightNames } from "@/lib/catalogue/rights";
import { toHex } from "@/lib/shared/encoding";
import { decimalText } from "@/lib/statements/decimal-text";
import { canonicalBytes, canonicalJson } from "@/lib/shared/jcs";
import type { Tally } from "@/lib/measurement/tally";

import { declarationsOf } from "./passport-declarations";
import {
  MODEL_REFERENCE,
  type PassportEvaluation,
  type PassportInput,
  limitationText,
} from "./passport-input";
import { spdxIdOf } from "./spdx-id";

/** A CycloneDX 1.6 document: strings, whole numbers, lists and objects only. */
export type Passport = { bomFormat: "CycloneDX"; specVersion: "1.6"; [key: string]: unknown };

/** DSSE payload type under which a passport is signed. */
export const PASSPORT_PAYLOAD_TYPE = "application/vnd.cyclonedx+json";

/**
 * One CycloneDX 1.6 document about a listing: card, figures with slices and intervals, limitations, claims and
 * counter-claims with their signed evidence, and the terms offered. A pure function of its input; figures are
 * decimal strings, and each carries n, data set, date and grade.
 */
export function passportOf(input: PassportInput): Passport {
  const { issuer, seller, listing, version } = input;
  const document: Passport = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${input.id}`,
    version: 1,
    metadata: {
      timestamp: input.issuedAt.toISOString(),
      supplier: { name: issuer.name, url: [issuer.url] },
    },
    components: [
      {
        type: "machine-learning-model",
        "bom-ref": MODEL_REFERENCE,
        supplier: { name: seller.name, ...(seller.url === null ? {} : { url: [seller.url] }) },
        ...given("authors", input.contributors.map(authorOf)),
        name: listing.title,
        version: String(version.number),
        ...(listing.summary === "" ? {} : { description: listing.summary }),
        ...(version.modelDigest === null
          ? {}
          : { hashes: [{ alg: "SHA-256", content: version.modelDigest }] }),
        licenses: licencesOf(input),
        ...given(
          "components",
          version.files.map(({ path, sha256 }) => ({
            type: "file",
            "bom-ref": `file:${path}`,
            name: path,
            hashes: [{ alg: "SHA-256", content: sha256 }],
          })),
        ),
        externalReferences: [{ type: "website", url: listing.url }],
        modelCard: cardOf(input),
        properties: propertiesOf(input),
      },
    ],
    declarations: declarationsOf(input),
  };
  return cleaned(document) as Passport;
}

/** The bytes to sign: canonical JSON (RFC 8785), so that two programs derive the same ones. */
export function passportBytes(passport: Passport): Uint8Array<ArrayBuffer> {
  return canonicalBytes(passport);
}

/**
 * The id of a passport: a UUID (version 8) made of its content, so that the same facts give the same bytes, whoever
 * asks and whenever, and changed ones another id.
 */
export function passportIdOf(input: Omit<PassportInput, "id">): string {
  const blank = passportOf({ ...input, id: "00000000-0000-8000-8000-000000000000" });
  const hex = toHex(sha256(passportBytes(blank)));
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join("-");
}

function cardOf({ listing, evaluations, limitations, dataOrigins }: PassportInput) {
  return {
    modelParameters: {
      ...(listing.task === null ? {} : { task: listing.task }),
      ...given(
        "datasets",
        dataOrigins.map(({ name, source, licence, url, use, rowCount }) => ({
          type: "dataset",
          name,
          ...(url === null ? {} : { contents: { url } }),
          description: [
            use === "training" ? "Used for training." : "Used for evaluation.",
            rowCount === null ? "Number of rows not stated." : `${rowCount} rows.`,
            licence === "" ? "Licence not stated." : `Licence: ${licence}.`,
            source === "" ? "" : `Source: ${source}.`,
          ]
            .filter((part) => part !== "")
            .join(" "),
        })),
      ),
    },
    ...(evaluations.length === 0
      ? {}
      : { quantitativeAnalysis: { performanceMetrics: evaluations.flatMap(metricsOf) } }),
    considerations: {
      ...given("useCases", purposesOf(listing)),
      ...given(
        "technicalLimitations",
        limitations.filter(({ presence }) => presence === "present").map(limitationText),
      ),
    },
  };
}

/** The format has no field for n, data set, date or grade, and no figure stands without them: they go with the slice. */
function metricsOf(evaluation: PassportEvaluation) {
  const { summary, dataSetName, finishedAt, gradeText } = evaluation;
  const context = ({ n, clustered, intervalMethod }: Tally) =>
    `[n=${n}${clustered ? ` in ${clustered.n} clusters` : ""}; ${dataSetName}; ${finishedAt.toISOString().slice(0, 10)}; ${gradeText}; ${intervalTexts[intervalMethod]} pointwise; evaluation ${evaluation.id}]`;
  const metric = (name: string, tally: Tally) => ({
    type: "accuracy",
    value: tally.value === null ? "not measured" : decimalText(tally.value),
    slice: `${name} ${context(tally)}`,
    confidenceInterval: { lowerBound: decimalText(tally.lower), upperBound: decimalText(tally.upper) },
  });
  return [
    metric("all rows", summary.overall),
    // No row is no figure; that it was examined stands among the declarations.
    ...summary.slices
      .filter(({ n }) => n > 0)
      .map((slice) => metric(slice.discovered ? `${slice.name} (exploratory)` : slice.name, slice)),
  ];
}

function purposesOf({ task, domain, languages }: PassportInput["listing"]): string[] {
  return [
    ...(task === null ? [] : [`Task: ${task}`]),
    ...(domain === null ? [] : [`Domain: ${domain}`]),
    ...(languages.length === 0 ? [] : [`Languages: ${languages.join(", ")}`]),
  ];
}

function licencesOf({ listing, seller }: PassportInput) {
  const { licence, parts, rights } = listing;
  const known = licence === null ? null : spdxIdOf(licence);
  const stated =
    licence === null || licence === "" ? [] : [known === null ? { name: licence } : { id: known }];
  return [...stated, ...parts.map((offer) => offeredLicence(offer, rights, seller.name))].map((license) => ({
    license,
  }));
}

function offeredLicence(offer: PassportInput["listing"]["parts"][number], rights: Rights, licensor: string) {
  const { part, pricing, priceMinor, currency, termMonths } = offer;
  const fieldOfUse = rights.fieldOfUse ?? "";
  return {
    "bom-ref": `offer:${part}`,
    name: `${partLabels[part]}, as offered`,
    licensing: {
      licensor: { organization: { name: licensor } },
      licenseTypes: [termMonths === null ? "perpetual" : "subscription"],
    },
    properties: [
      { name: "offcut:part", value: part },
      { name: "offcut:pricing", value: pricing },
      { name: "offcut:priceMinor", value: String(priceMinor) },
      { name: "offcut:currency", value: currency },
      { name: "offcut:term", value: termText(termMonths) },
      ...rightNames.map((right) => ({ name: `offcut:right:${rightLabels[right]}`, value: rights[right] })),
      ...(fieldOfUse === "" ? [] : [{ name: "offcut:fieldOfUse", value: fieldOfUse }]),
    ],
  };
}

function propertiesOf({ version, listing, limitations, evaluations }: PassportInput) {
  const absent = limitations.filter(({ presence }) => presence === "absent");
  return [
    {
      name: "offcut:identity",
      value:
        version.modelDigest === null
          ? "None: the model runs behind an endpoint and may change at any time."
          : "SHA-256 of the canonical JSON of all files with their names.",
    },
    ...listing.baseModels.map((value) => ({ name: "offcut:baseModel", value })),
    ...conditionsOf(evaluations),
    ...absent.map(({ type }) => ({
      name: "offcut:limitationStatedAbsent",
      value: limitationTypes[type].label,
    })),
  ];
}

/** Each slice's condition as data, which the words of its claims and figures are made of. */
function conditionsOf(evaluations: readonly PassportEvaluation[]) {
  const slices = evaluations.flatMap(({ summary }) => summary.slices);
  const known = new Map(slices.map(({ id, condition }) => [id, condition]));
  return [...known].map(([id, condition]) => ({
    name: `offcut:condition:${id}`,
    value: canonicalJson(condition),
  }));
}

function authorOf({ name, contribution, isConfirmed }: PassportInput["contributors"][number]) {
  const role = contribution === "" ? "" : `: ${contribution}`;
  return { name: `${name}${role} (${isConfirmed ? "confirmed" : "unconfirmed"})` };
}

function given<Value>(key: string, list: readonly Value[]): Record<string, readonly Value[]> {
  return list.length === 0 ? {} : { [key]: list };
}

/** Canonical JSON refuses half characters, and no reader has use for NUL. */
function cleaned(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, cleaned(member)]));
}
