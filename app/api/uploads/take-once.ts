import type { Actor } from "@/lib/accounts/actor";
import { askedBy, isRequestKey } from "@/lib/accounts/session/request";
import { once, sentBefore } from "@/lib/platform/receipts";
import { DomainError } from "@/lib/shared/domain-error";

type Upload = { command: string; input: object; key: string | null | undefined };

/**
 * Takes a file once under the key it was sent with: in the header `Idempotency-Key`, or in a form's `requestKey` for each
 * of its files in turn. Sent again it is not kept again and gets the first answer; another file under the same key is
 * refused with `request_reused`. Without a key it is taken as often as it is sent.
 */
export async function takeOnce<T>(
  actor: Actor,
  { key, ...upload }: Upload,
  take: () => Promise<T>,
): Promise<T> {
  if (key && !isRequestKey(key))
    throw new DomainError(
      "upload_malformed",
      "An Idempotency-Key has 16 to 120 letters, digits and the signs _ . -",
    );
  const asked = await askedBy(actor, { ...upload, key: key || null, isStreamed: true });
  const taken = await once<T | null>(asked, take, null);
  if (taken === null) throw sentBefore();
  return taken;
}
