import { DeviceSignature } from "@/components/evidence/device-signature";
import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { FormSelect } from "@/components/forms/form-fields";
import { openDispute } from "@/lib/disputes/actions";
import { disputeReasons } from "@/lib/disputes/dispute";
import { RecordArea } from "./record-area";

type Props = { dealId: string; accountId: string; statementBase64: string | null };

/** That a dispute was opened is signed for the log; what is said in it is not. */
export function OpenDisputeForm({ dealId, accountId, statementBase64 }: Props) {
  return (
    <ActionForm action={openDispute} fields={{ dealId }}>
      <FormSelect
        name="reason"
        label="What is wrong?"
        defaultValue=""
        required
        options={Object.entries(disputeReasons)}
      >
        <option value="" disabled>
          Choose one
        </option>
      </FormSelect>
      <RecordArea
        name="statement"
        label="What happened?"
        hint="Say what the contract promises and what you found instead. Name files, digests, rows and figures; the moderator decides from them. You can open one dispute about this deal, and so can the other side."
        rows={7}
      />
      {statementBase64 && <DeviceSignature accountId={accountId} statementBase64={statementBase64} />}
      <SubmitLine variant="danger">Open the dispute</SubmitLine>
    </ActionForm>
  );
}
