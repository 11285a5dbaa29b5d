import type { UploadNote } from "@/lib/selling/upload-note";

export function UploadNoteText({ note }: { note: UploadNote }) {
  return (
    <p
      role={note.isRefusal ? "alert" : "status"}
      className={`rounded-md px-3 py-2 ${note.isRefusal ? "bg-red-soft text-red" : "bg-verdigris-soft text-verdigris"}`}
    >
      {note.text}
    </p>
  );
}
