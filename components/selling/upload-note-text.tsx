import { RefusalText } from "@/components/ui/refusal-text";
import type { UploadNote } from "@/lib/selling/upload-note";

export function UploadNoteText({ note }: { note: UploadNote }) {
  return (
    <div
      role={note.isRefusal ? "alert" : "status"}
      className={`rounded-md px-3 py-2 ${note.isRefusal ? "bg-red-soft text-red" : "bg-verdigris-soft text-verdigris"}`}
    >
      <RefusalText text={note.text} />
    </div>
  );
}
