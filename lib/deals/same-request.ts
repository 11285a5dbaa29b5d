import { DomainError } from "@/lib/shared/domain-error";

type Fields = Record<string, string | number | bigint | null>;

/**
 * An id that a form brought names one thing. Sent again it must say the same, field by field; throws `request_reused`
 * naming what differs. `kept` is what stands under the id, null where that came about in another way.
 */
export function requireSameRequest(kept: Fields | null, sent: Fields): void {
  const differing = Object.keys(sent).filter((name) => !kept || kept[name] !== sent[name]);
  if (differing.length === 0) return;
  throw new DomainError(
    "request_reused",
    `This form was sent before, with another ${differing.join(", ")}. What was sent first stands. Reload the page.`,
    Object.fromEntries(differing.map((name) => [name, "This differs from what was sent first."])),
  );
}
