import { expect, test } from "vitest";
import { odrlAgreement } from "./odrl";
import { rightsText } from "./rights-text";

const at = (text: string) => new Date(`${text}T00:00:00Z`);
const rights = {
  useCommercially: "yes" as const,
  modify: "yes" as const,
  redistribute: "no" as const,
  sublicense: "not_stated" as const,
  fieldOfUse: null,
};

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
