import { expect, test } from "vitest";
import { licenceState, odrlAgreement, rightsText, termEnd } from "./licence";

const at = (text: string) => new Date(`${text}T00:00:00Z`);
const rights = {
  useCommercially: "yes" as const,
  modify: "yes" as const,
  redistribute: "no" as const,
  sublicense: "not_stated" as const,
  fieldOfUse: null,
};

test("a licence is active from its first moment up to, and without, its end", () => {
  const licence = { status: "active" as const, startsAt: at("2026-01-01"), endsAt: at("2027-01-01") };
  expect(licenceState(licence, at("2025-12-31"))).toBe("not_started");
  expect(licenceState(licence, at("2026-01-01"))).toBe("active");
  expect(licenceState(licence, new Date(at("2027-01-01").getTime() - 1))).toBe("active");
  expect(licenceState(licence, at("2027-01-01"))).toBe("ended");
  expect(licenceState({ ...licence, status: "revoked" }, at("2026-06-01"))).toBe("revoked");
  expect(licenceState({ ...licence, endsAt: null }, at("2126-06-01"))).toBe("active");
});

test.each([
  ["2026-01-31", 1, "2026-02-28"],
  ["2024-02-29", 12, "2025-02-28"],
  ["2026-11-22", 12, "2027-11-22"],
  ["2026-12-31", 2, "2027-02-28"],
])("a term from %s of %i months ends %s", (from, months, end) => {
  expect(termEnd(at(from), months)).toEqual(at(end));
  expect(termEnd(at(from), null)).toBeNull();
});

test("what is not stated is not granted, in words and in ODRL", () => {
  expect(rightsText(rights)).toBe("Use commercially and modify; not redistribute or sublicense.");
  const agreement = odrlAgreement({
    dealId: "d",
    licensorId: "s",
    licenseeId: "b",
    versionId: "v",
    part: "weights",
    rights: { ...rights, fieldOfUse: "retail" },
    startsAt: at("2026-01-01"),
    endsAt: at("2027-01-01"),
    price: { amount: "210.00", currency: "EUR" },
  });
  expect(agreement).toMatchObject({
    "@type": "Agreement",
    assigner: "urn:offcut:account:s",
    assignee: "urn:offcut:account:b",
    target: "urn:offcut:version:v:weights",
    timestamp: "2026-01-01T00:00:00.000Z",
  });
  expect(agreement.permission.map((rule) => rule.action)).toEqual(["use", "cc:CommercialUse", "modify"]);
  expect(agreement.prohibition?.map((rule) => rule.action)).toEqual(["distribute", "grantUse"]);
  expect(agreement.permission[0]?.constraint).toEqual([
    { leftOperand: "dateTime", operator: "lt", rightOperand: "2027-01-01T00:00:00.000Z" },
    { leftOperand: "purpose", operator: "eq", rightOperand: "retail" },
  ]);
  expect(JSON.stringify(agreement.permission)).not.toContain("target");
});
