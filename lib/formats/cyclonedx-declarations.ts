import type { Cursor } from "@/lib/shared/cursor";
import { addTrap } from "./figure";
import type { ForeignDraft, Trap } from "./foreign-draft";

/** Claims of a document's `declarations`: which ones an attestation counts against the target is kept. */
export function readDeclarations(declarations: Cursor, draft: ForeignDraft, traps: Trap[]): void {
  const evidence = readEvidence(declarations.at("evidence"), traps);
  const counter = new Set<string>();
  for (const attestation of declarations.at("attestations").list()) {
    for (const entry of attestation.at("map").list()) {
      for (const claim of entry.at("counterClaims").texts(300)) counter.add(claim);
      entry.at("claims").texts(300);
    }
  }
  const texts = (references: Cursor) =>
    references.texts(300).map((reference) => evidence.get(reference) ?? reference);
  for (const claim of declarations.at("claims").list().slice(0, 1_000)) {
    const text = claim.at("predicate").text(2_000);
    const reference = claim.at("bom-ref").text(300);
    if (text === null) continue;
    draft.claims.push({
      target: claim.at("target").text(300),
      text,
      reasoning: claim.at("reasoning").text(2_000),
      evidence: texts(claim.at("evidence")),
      counterEvidence: texts(claim.at("counterEvidence")),
      isCounterClaim: reference !== null && counter.has(reference),
    });
  }
  const [assessor] = declarations.at("assessors").list();
  if (assessor) {
    const isThirdParty = assessor.at("thirdParty").boolean();
    draft.evaluator = {
      name: assessor.at("organization").at("name").text(300),
      relation: isThirdParty === null ? null : isThirdParty ? "third_party" : "first_party",
    };
    assessor.at("bom-ref").take();
  }
}

function readEvidence(list: Cursor, traps: Trap[]): Map<string, string> {
  const evidence = new Map<string, string>();
  for (const entry of list.list().slice(0, 1_000)) {
    const reference = entry.at("bom-ref").text(300);
    const described = entry.at("description").text(500);
    const attached = entry
      .at("data")
      .list()
      .map(
        (data) => data.at("contents").at("attachment").at("content").text(500) ?? data.at("name").text(300),
      )
      .filter((text) => text !== null);
    if (reference === null) continue;
    if (evidence.has(reference)) addTrap(traps, "repeated_id", `Two pieces of evidence are "${reference}".`);
    evidence.set(reference, [described, ...attached].filter((text) => text !== null).join(": "));
  }
  return evidence;
}
