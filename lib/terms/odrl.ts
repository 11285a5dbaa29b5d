import type { PartName } from "@/lib/catalogue/part";
import { type RightName, type Rights, rightNames } from "@/lib/catalogue/rights";

/** ODRL 2.2 actions of each right. */
const ACTIONS: Record<RightName, string> = {
  useCommercially: "cc:CommercialUse",
  modify: "modify",
  redistribute: "distribute",
  sublicense: "grantUse",
};

export type AgreementFacts = {
  dealId: string;
  licensorId: string;
  licenseeId: string;
  versionId: string;
  part: PartName;
  rights: Rights;
  startsAt: Date;
  endsAt: Date | null;
  /** Decimal text such as "210.00", and its currency. */
  price: { amount: string; currency: string };
};

type Constraint = { leftOperand: string; operator: string; rightOperand: string; unit?: string };
type Rule = {
  action: string;
  constraint?: Constraint[];
  duty?: { action: string; constraint: Constraint[] }[];
};

export type OdrlAgreement = {
  "@context": string[];
  "@type": "Agreement";
  "@id": string;
  target: string;
  assigner: string;
  assignee: string;
  timestamp: string;
  permission: Rule[];
  prohibition?: Rule[];
};

/**
 * The licence as an ODRL agreement in the Dataspace Protocol's form: its rules do not repeat the target. A right that
 * is not granted is prohibited, so that a reader who knows only ODRL cannot take silence for permission.
 */
export function odrlAgreement(facts: AgreementFacts): OdrlAgreement {
  const constraint = constraintsOf(facts);
  const withConstraint = constraint.length > 0 ? { constraint } : {};
  const granted = rightNames.filter((name) => facts.rights[name] === "yes");
  const withheld = rightNames.filter((name) => facts.rights[name] !== "yes");
  return {
    "@context": ["https://w3id.org/dspace/2025/1/context.jsonld", "http://www.w3.org/ns/odrl.jsonld"],
    "@type": "Agreement",
    "@id": `urn:offcut:deal:${facts.dealId}`,
    target: `urn:offcut:version:${facts.versionId}:${facts.part}`,
    assigner: `urn:offcut:account:${facts.licensorId}`,
    assignee: `urn:offcut:account:${facts.licenseeId}`,
    timestamp: facts.startsAt.toISOString(),
    permission: [
      { action: "use", ...withConstraint, duty: [compensation(facts.price)] },
      ...granted.map((name) => ({ action: ACTIONS[name], ...withConstraint })),
    ],
    ...(withheld.length > 0 ? { prohibition: withheld.map((name) => ({ action: ACTIONS[name] })) } : {}),
  };
}

function constraintsOf({ endsAt, rights }: AgreementFacts): Constraint[] {
  return [
    ...(endsAt ? [{ leftOperand: "dateTime", operator: "lt", rightOperand: endsAt.toISOString() }] : []),
    ...(rights.fieldOfUse
      ? [{ leftOperand: "purpose", operator: "eq", rightOperand: rights.fieldOfUse }]
      : []),
  ];
}

function compensation({ amount, currency }: { amount: string; currency: string }) {
  return {
    action: "compensate",
    constraint: [
      {
        leftOperand: "payAmount",
        operator: "eq",
        rightOperand: amount,
        unit: `https://www.iso.org/iso-4217#${currency}`,
      },
    ],
  };
}
