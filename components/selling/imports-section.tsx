import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { TextArea, TextField } from "@/components/ui/field";
import type { UploadNote } from "@/lib/selling/upload-note";
import { LevelField } from "./level-field";
import { ReadableFormats } from "./readable-formats";
import { DraftSection } from "./section";
import { UploadForm } from "./upload-form";
import { UploadNoteText } from "./upload-note-text";

type Props = {
  draftId: string;
  declaredLevel: string;
  note: UploadNote | null;
  /** What has been read so far. */
  children: ReactNode;
};

/** Files that other programs wrote: results, cards, signed lists, descriptions of data. */
export function ImportsSection({ draftId, declaredLevel, note, children }: Props) {
  return (
    <DraftSection
      id="imports"
      title="Results and documents from other tools"
      isOptional
      lead="Fields that are still empty are filled, nothing you wrote is replaced, and rows are counted here anew. A figure without rows stays a claim and is not shown to buyers. Each file is kept whole with the draft, encrypted."
    >
      {note && <UploadNoteText note={note} />}
      {children}
      <UploadForm
        action={`/api/uploads/imports?draft=${draftId}`}
        label="Read files into the draft"
        file="file"
      >
        <SayMore declaredLevel={declaredLevel} />
        <label className="grid gap-1.5 text-sm">
          <span className="text-ink-2">Choose files to read, or drop them here</span>
          <input type="file" name="file" multiple className="min-h-8 max-w-full" />
        </label>
        <ReadableFormats />
        <div>
          <Button type="submit">Read into the draft</Button>
        </div>
      </UploadForm>
    </DraftSection>
  );
}

/** What a file does not say of itself. Stands before the files, because a form is read in its order. */
function SayMore({ declaredLevel }: { declaredLevel: string }) {
  return (
    <details className="text-sm">
      <summary className="min-h-6 text-ink-2">Say more about them</summary>
      <div className="grid items-start gap-4 pt-3 text-base sm:grid-cols-2">
        <TextField
          name="dataSetName"
          id="import-data-set-name"
          label="What the rows are"
          isOptional
          maxLength={200}
          hint="Where a file holds rows. Left empty, they are called as the file says."
        />
        <LevelField id="import-level" label="Judge rows at" declaredLevel={declaredLevel} />
        <TextArea
          name="publicKey"
          label="Public key of who signed"
          isOptional
          rows={4}
          maxLength={1000}
          spellCheck={false}
          className="font-mono text-sm"
          hint="For an OpenSSF Model Signing bundle: PEM, as it was published."
        />
        <TextArea
          name="pasted"
          label="Text instead of a file"
          isOptional
          rows={4}
          spellCheck={false}
          className="font-mono text-sm"
          hint="Any of the formats below, pasted."
        />
      </div>
    </details>
  );
}
