import { ActionForm, SubmitLine } from "@/components/forms/action-form";
import { FormSelect, FormText } from "@/components/forms/form-fields";
import { fileReport } from "@/lib/disputes/actions";
import { reportReasons } from "@/lib/disputes/report";
import { RecordArea } from "./record-area";

export function ReportForm({ about }: { about: string }) {
  return (
    <ActionForm action={fileReport}>
      <FormText
        name="about"
        label="Page"
        defaultValue={about}
        required
        hint="The address of the page, from the first slash on."
      />
      <FormSelect
        name="reason"
        label="What is it about?"
        defaultValue=""
        required
        options={Object.entries(reportReasons)}
      >
        <option value="" disabled>
          Choose one
        </option>
      </FormSelect>
      <RecordArea
        name="body"
        label="What is wrong?"
        rows={6}
        hint="What you saw, where, and how somebody else can see it."
      />
      <SubmitLine>Send the report</SubmitLine>
    </ActionForm>
  );
}
