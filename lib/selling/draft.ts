import type { DraftFields } from "@/lib/catalogue/draft-fields";
import type { Limitation } from "@/lib/catalogue/limitation";

/**
 * What a form sent, over what is stored: a form decides every field but what was measured. A measured effect stays
 * while its limitation stays present.
 */
export function mergeTyped(stored: DraftFields, typed: DraftFields): DraftFields {
  const limitations: DraftFields["limitations"] = {};
  for (const [type, limitation] of Object.entries(typed.limitations)) {
    if (!limitation) continue;
    const effect = limitation.presence === "present" ? (stored.limitations[type]?.effect ?? null) : null;
    if (limitation.presence !== "" || limitation.condition !== "") {
      limitations[type] = { ...limitation, effect };
    }
  }
  return { ...typed, limitations, fillings: stored.fillings };
}

/**
 * Puts measured limitations into a draft. The measurement replaces an earlier one of the same type; what the seller
 * has written about that type in words stays.
 */
export function fillLimitations(stored: DraftFields, measured: readonly Limitation[]): DraftFields {
  const limitations = { ...stored.limitations };
  for (const { type, severity, condition, effect } of measured) {
    const written = limitations[type];
    limitations[type] = {
      presence: "present",
      severity: written?.presence === "present" ? written.severity : severity,
      condition: written?.condition || condition,
      effect,
    };
  }
  return { ...stored, limitations, fillings: stored.fillings + 1 };
}

/** The draft without the limitations that were measured. */
export function withoutMeasured(stored: DraftFields): DraftFields {
  const declared = Object.entries(stored.limitations).filter(([, limitation]) => !limitation?.effect);
  return { ...stored, limitations: Object.fromEntries(declared) };
}

/** A handle as it may be typed, with an @ and in any case, as an account bears it. */
export function plainHandle(typed: string): string {
  return typed.trim().replace(/^@/, "").toLowerCase();
}
