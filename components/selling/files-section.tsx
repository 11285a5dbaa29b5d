import { ActionForm, ButtonForm, SubmitButton } from "@/components/forms/action-form";
import { Digest } from "@/components/ui/digest";
import { controlClass } from "@/components/ui/field";
import { assignFile, detachFile } from "@/lib/selling/actions/drafts";
import { type PartName, partLabels, partNames } from "@/lib/catalogue/part";
import type { UploadNote } from "@/lib/selling/upload-note";
import { DraftText } from "./draft-fields";
import { sizeText } from "@/lib/shared/size-text";
import { FileUploader } from "./file-uploader";
import { DraftSection } from "./section";
import { UploadNoteText } from "./upload-note-text";

export type SellingFile = {
  id: string;
  path: string;
  part: PartName;
  format: string;
  sha256: string;
  sizeBytes: number;
};

type Props = {
  draftId: string;
  files: readonly SellingFile[];
  endpointUrl: string;
  /** What was wrong with an upload sent without JavaScript. */
  note: UploadNote | null;
  maxBytes: number;
};

/** The model itself: files kept here, or an address where the seller runs it. */
export function FilesSection({ draftId, files, endpointUrl, note, maxBytes }: Props) {
  return (
    <DraftSection
      id="files"
      title="Files or endpoint"
      lead={
        <>
          ONNX, safetensors, GGUF, NumPy arrays of numbers, text (JSON, YAML, Markdown, CSV …) and gzipped
          rows are kept, each once its bytes are checked. Pickles (.pt, .pkl, Keras) are refused, because
          opening one can run any code; so are archives and whatever is not recognised. Files are encrypted as
          they arrive and given to nobody before a licence is granted. Up to {sizeText(maxBytes)} each.
        </>
      }
    >
      {note && <UploadNoteText note={note} />}
      {files.length > 0 && (
        <ul className="grid gap-3">
          {files.map((file) => (
            <FileRow key={file.id} file={file} />
          ))}
        </ul>
      )}
      <FileUploader draftId={draftId} maxBytes={maxBytes} />
      <DraftText
        name="endpointUrl"
        label="Or the address where you run it"
        isOptional
        type="url"
        defaultValue={endpointUrl}
        placeholder="https://models.example.com/v1/classify"
        hint="https only, a public host name. Nobody can fix what runs at your place: the listing says “may change at any time” and its evidence is at most an evaluator's."
      />
    </DraftSection>
  );
}

function FileRow({ file }: { file: SellingFile }) {
  return (
    <li className="grid gap-3 rounded-md border border-line bg-surface px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span className="min-w-0 flex-1 basis-48 font-medium break-all">{file.path}</span>
        <span className="text-sm text-ink-3">
          {file.format}, {sizeText(file.sizeBytes)}
        </span>
        <Digest hex={file.sha256} />
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <ActionForm
          action={assignFile}
          fields={{ draftFileId: file.id }}
          className="flex flex-wrap items-center gap-x-5"
        >
          <label className="flex items-center gap-2 text-sm whitespace-nowrap text-ink-2">
            Belongs to
            <select name="part" defaultValue={file.part} className={`${controlClass} w-auto`}>
              {partNames.map((part) => (
                <option key={part} value={part}>
                  {partLabels[part]}
                </option>
              ))}
            </select>
          </label>
          <SubmitButton variant="quiet">Change</SubmitButton>
        </ActionForm>
        <ButtonForm
          action={detachFile}
          fields={{ draftFileId: file.id }}
          className="contents"
          aria-label={`Remove ${file.path}`}
          variant="quiet"
        >
          Remove
        </ButtonForm>
      </div>
    </li>
  );
}
