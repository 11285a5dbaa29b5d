import { RequestKey } from "@/components/forms/request-key";
import { SliceFields } from "@/components/selling/slice-fields";
import { Button } from "@/components/ui/button";
import { SelectField, TextField } from "@/components/ui/field";

/** Rows on which a listing is to be run. An ordinary form: the browser sends it whole. */
export function AskForRunForm({ slug, isMedia }: { slug: string; isMedia: boolean }) {
  return (
    <form
      action={`/api/uploads/runs?listing=${slug}`}
      method="post"
      encType="multipart/form-data"
      aria-label="Have it measured here"
      className="grid max-w-[68ch] justify-items-start gap-5"
    >
      <RequestKey answer={null} />
      <div className="grid w-full gap-5">
        <TextField
          name="dataSetName"
          label="Data set"
          hint="What the rows are and from when, so that a reader can judge how far they reach."
          required
          minLength={3}
          maxLength={200}
        />
        <SelectField
          name="rowsFrom"
          label="Whose rows they are"
          defaultValue="own"
          options={[
            ["own", "My own: the seller does not hold them"],
            ["public_set", "A public set"],
          ]}
        />
        <TextField
          name="licence"
          label="Licence of the public set"
          hint="For example CC-BY-4.0. Only for a public set."
          maxLength={200}
          isOptional
        />
        <SliceFields />
        <TextField
          name="rows"
          type="file"
          accept={isMedia ? ".zip" : ".csv,.tsv,.jsonl,.ndjson,.json,.parquet"}
          label="Rows"
          hint={
            isMedia
              ? "A zip of rows.csv (or rows.jsonl) and the files that its column “file” names: at most 1,000 files, 64 MB unpacked."
              : "CSV, TSV, JSON or Parquet up to 50 MB: label, the inputs, optional cluster and id, and one column for each slice. Predictions are not needed."
          }
          required
        />
      </div>
      <Button type="submit">Run it on these rows</Button>
    </form>
  );
}
