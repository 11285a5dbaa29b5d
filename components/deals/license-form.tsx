import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { licenseNow } from "@/lib/deals/actions";
import type { LicenseFormView as LicenseFormView } from "@/lib/deals/queries/license-page";
import { formatMoney, money } from "@/lib/shared/money";
import type { PartName } from "@/lib/catalogue/part";
import { AgreeFields } from "./agree-fields";

type Props = { listingId: string; part: PartName; form: LicenseFormView; accountId: string };

/** Signs, and with simulated money pays, in one form. */
export function LicenseForm({ listingId, part, form, accountId }: Props) {
  const paysHere = form.provider === "demo" && form.priceMinor > 0n;
  const price = formatMoney(money(form.priceMinor, form.currency));
  return (
    <ActionForm action={licenseNow} className="grid justify-items-start gap-4" aria-label="Sign the licence">
      <input type="hidden" name="listingId" value={listingId} />
      <input type="hidden" name="part" value={part} />
      <input type="hidden" name="dealId" value={form.dealId} />
      <input type="hidden" name="salt" value={form.salt} />
      {paysHere && <input type="hidden" name="payMinor" value={form.priceMinor.toString()} />}
      <AgreeFields
        accountId={accountId}
        termsSha256={form.termsSha256}
        statementBase64={form.statementBase64}
        label="I have read these terms and agree to them."
      />
      <SubmitButton>
        {paysHere
          ? `Sign and pay ${price} (simulated)`
          : form.priceMinor > 0n
            ? "Sign; payment follows"
            : "Sign"}
      </SubmitButton>
    </ActionForm>
  );
}
