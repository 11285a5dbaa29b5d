import { type DraftFields, type DraftMeasured, MAX_DRAFT_MEASURED } from "@/lib/catalogue/draft-fields";
import type { Limitation } from "@/lib/catalogue/limitation";
import { limitKey } from "@/lib/catalogue/limitation-link";

/**
 * What a form sent, over what is stored: a form decides every field but what was measured. Of a measured limitation it
 * decides whether it is stated, how severe the seller calls it, and the seller's own words.
 */
export function mergeTyped(stored: DraftFields, typed: DraftFields): DraftFields {
  const limitations = Object.fromEntries(
    Object.entries(typed.limitations).filter(
      ([, limitation]) => limitation && (limitation.presence !== "" || limitation.condition !== ""),
    ),
  );
  const measured = Object.fromEntries(
    Object.entries(stored.measured).map(([key, kept]): [string, DraftMeasured] => [
      key,
      { ...(typed.measured[key] ?? kept), shown: kept.shown },
    ]),
  );
  return { ...typed, limitations, measured, fillings: stored.fillings };
}

/**
 * Puts measured limitations into a draft, the worst as far as there is room. What the seller has written beside one
 * that was measured before stays.
 */
export function fillMeasured(stored: DraftFields, found: readonly Limitation[]): DraftFields {
  const measured = { ...stored.measured };
  for (const { type, severity, condition, measures } of found) {
    const key = limitKey({ type, measures });
    if (!measures || measured[key] || Object.keys(measured).length >= MAX_DRAFT_MEASURED) continue;
    measured[key] = { presence: "present", severity, condition, shown: { type, measures } };
  }
  return { ...stored, measured, fillings: stored.fillings + 1 };
}

/** The same where an evaluation was taken away: what no other one shows goes with it. */
export function refillMeasured(stored: DraftFields, found: readonly Limitation[]): DraftFields {
  const shown = new Set(found.map(limitKey));
  const measured = Object.fromEntries(Object.entries(stored.measured).filter(([key]) => shown.has(key)));
  return fillMeasured({ ...stored, measured }, found);
}

/** A handle as it may be typed, with an @ and in any case, as an account bears it. */
export function plainHandle(typed: string): string {
  return typed.trim().replace(/^@/, "").toLowerCase();
}
