"use client";

import { type ReactNode, useState } from "react";
import { DRAFT_FORM } from "./draft-editor";

/** A README.md can be dropped on the text field; choosing it as a file works everywhere. */
export function CardDrop({ children }: { children: ReactNode }) {
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function read(file: File | undefined, root: HTMLElement) {
    setProblem(null);
    if (!file) return;
    const area = root.querySelector("textarea");
    if (!area) return;
    if (file.size > 1_600_000) {
      setProblem(`${file.name} is too long for a model card.`);
      return;
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      area.value = text;
      area.dispatchEvent(new Event("input", { bubbles: true }));
      root.querySelectorAll<HTMLInputElement>('input[type="file"]').forEach((input) => (input.value = ""));
    } catch {
      setProblem(`${file.name} is not text. Choose the model's README.md.`);
    }
  }

  return (
    <div
      className={`grid gap-3 rounded-md ${isOver ? "outline-2 outline-offset-4 outline-verdigris outline-dashed" : ""}`}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (!file) return;
        event.preventDefault();
        void read(file, event.currentTarget);
      }}
    >
      {children}
      <label className="grid gap-1.5 text-sm">
        <span className="text-ink-2">Or choose the file (you can also drop it on the field)</span>
        <input
          type="file"
          name="cardFile"
          form={DRAFT_FORM}
          accept=".md,.markdown,.txt,text/markdown,text/plain"
          className="min-h-8"
          onChange={(event) => {
            const root = event.currentTarget.closest("div");
            if (root) void read(event.currentTarget.files?.[0], root);
          }}
        />
      </label>
      {problem && (
        <p role="alert" className="text-sm text-red">
          {problem}
        </p>
      )}
    </div>
  );
}
