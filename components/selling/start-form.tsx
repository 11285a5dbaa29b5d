import { Button } from "@/components/ui/button";
import { TextArea } from "@/components/ui/field";
import type { UploadNote } from "@/lib/selling/upload-note";
import { ReadableFormats } from "./readable-formats";
import { UploadForm } from "./upload-form";
import { UploadNoteText } from "./upload-note-text";

/** Drop, choose or paste what there is about the model, or start with nothing. */
export function StartForm({ note }: { note: UploadNote | null }) {
  return (
    <div className="grid gap-3">
      {note && <UploadNoteText note={note} />}
      <UploadForm action="/api/uploads/imports" label="Start a draft" file="file">
        <TextArea
          name="pasted"
          label="Model card"
          isOptional
          rows={6}
          spellCheck={false}
          className="font-mono text-sm"
          hint="Paste a Hugging Face README.md, or the text of any file named below. What it says fills the draft."
        />
        <label className="grid gap-1.5 text-sm">
          <span className="text-ink-2">Or choose files (you can also drop them here)</span>
          <input type="file" name="file" multiple className="min-h-8 max-w-full" />
        </label>
        <ReadableFormats />
        <div>
          <Button type="submit" variant="primary">
            Start a draft
          </Button>
        </div>
      </UploadForm>
      <p className="text-sm text-ink-3">
        Left empty, you start from nothing. Files for sale and evaluations are added in the draft.
      </p>
    </div>
  );
}
