import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { FormText } from "@/components/forms/form-fields";
import { SliceFields } from "./slice-fields";
import { submitEvaluation } from "@/lib/selling/actions/evaluations";

/** Where an evaluator brings the rows of an independent run. */
export function SubmitEvaluationForm({ slug }: { slug: string }) {
  return (
    <ActionForm
      action={submitEvaluation}
      fields={{ slug }}
      className="grid max-w-[68ch] justify-items-start gap-5"
      aria-label="Submit an evaluation"
    >
      <div className="grid w-full gap-5">
        <FormText
          name="dataSetName"
          label="Data set"
          hint="What the rows are and from when, so that a reader can judge how far they reach."
          required
          minLength={3}
          maxLength={200}
        />
        <FormText
          name="file"
          type="file"
          accept=".csv,.tsv,.jsonl,.ndjson,.json,.parquet"
          label="Rows"
          hint="CSV, TSV, JSON or Parquet up to 900 KB: label, prediction, optional confidence, cluster and id, and one column for each slice."
          required
        />
        <FormText
          name="outputColumns"
          label="Slice columns that depend on the answer"
          hint="Names separated by commas. Their base rate is then taken over all rows."
          isOptional
        />
        <SliceFields />
      </div>
      <SubmitButton>Count these rows</SubmitButton>
    </ActionForm>
  );
}
