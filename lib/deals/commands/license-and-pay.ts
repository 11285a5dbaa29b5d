import "server-only";
import type { Actor } from "@/lib/accounts/actor";
import type { LicenseAndPayInput } from "../schemas";
import { fundDeal } from "./fund-deal";
import { licenseNow } from "./license-now";

/**
 * One sitting: takes the standing offer and, where the form says so, pays with simulated money. Two transactions: when
 * the payment is refused the signed deal stands and waits for it. Sent twice, both happen once.
 */
export async function licenseAndPay(
  actor: Actor,
  input: LicenseAndPayInput,
): Promise<{ redirectTo: string }> {
  const { payMinor, ...license } = input;
  const opened = await licenseNow(actor, license);
  if (payMinor) await fundDeal(actor, { dealId: license.dealId, amountMinor: payMinor });
  return opened;
}
