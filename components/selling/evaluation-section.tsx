import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import type { UploadNote } from "@/lib/selling/upload-note";
import { SliceFields } from "./slice-fields";
import { LevelField } from "./level-field";
import { DraftSection } from "./section";
import { UploadForm } from "./upload-form";
import { UploadNoteText } from "./upload-note-text";

type Props = {
  draftId: string;
  declaredLevel: string;
  note: UploadNote | null;
  /** Whether some slice of some evaluation reaches the declared level and beats its base rate; null without any. */
  hasNiche: boolean | null;
  sellsNiche: boolean;
  /** What has been counted so far. */
  children: ReactNode;
};

/** Rows with labels and predictions: counted here, judged at the level, signed by the seller. */
export function EvaluationSection({ draftId, declaredLevel, note, hasNiche, sellsNiche, children }: Props) {
  return (
    <DraftSection
      id="evaluation"
      title="Evaluation"
      isOptional
      lead={
        <>
          A CSV, TSV, JSON or Parquet file of rows: <code>label</code>, <code>prediction</code>, optional{" "}
          <code>confidence</code>, <code>cluster</code> and <code>id</code>, and a column for each slice.
          Everything is counted here anew; nobody sees it before you sign, and the rows themselves stay with
          Offcut, encrypted.
        </>
      }
    >
      {note && <UploadNoteText note={note} />}
      {hasNiche === false && sellsNiche && <NoNiche />}
      {children}
      <UploadForm action={`/api/uploads/evaluations?draft=${draftId}`} label="Add an evaluation" file="rows">
        <div className="grid items-start gap-4 sm:grid-cols-2">
          <TextField
            name="dataSetName"
            label="What the rows are"
            required
            minLength={3}
            maxLength={200}
            hint="For example: 2,000 support mails of May 2026, labelled by two people."
          />
          <LevelField id="evaluation-level" label="Judge it at" declaredLevel={declaredLevel} />
          <TextField
            name="outputColumns"
            label="Slice columns about the answer"
            isOptional
            hint="Columns that depend on what the model said, with commas between. All others are about the input."
          />
          <SliceFields />
          <TextField
            name="rows"
            label="File of rows"
            type="file"
            accept=".csv,.tsv,.jsonl,.ndjson,.json,.parquet"
            required
            hint="Up to 50 MB."
          />
        </div>
        <div>
          <Button type="submit">Count these rows</Button>
        </div>
      </UploadForm>
    </DraftSection>
  );
}

function NoNiche() {
  return (
    <div className="grid gap-1 rounded-md bg-ochre-soft px-4 py-3 text-ochre">
      <p className="font-medium">These rows show no niche</p>
      <p className="max-w-[70ch] text-sm">
        No slice is shown both to reach the level you declare and to beat always giving the most common
        answer. A model without a niche cannot be listed for one: declare a level it reaches, bring rows of
        the slice where it works, or choose “Parts of a model without a niche” below and sell its training
        data, its evaluation records or its adapter.
      </p>
    </div>
  );
}
