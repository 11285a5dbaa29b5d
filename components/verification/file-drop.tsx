"use client";

import { type DragEvent, type ReactNode, useState } from "react";

type Props = {
  /** On the button beside the place to drop. */
  label: string;
  onFiles: (files: readonly File[]) => void;
  /** What came of the files, read out when it changes. */
  status: ReactNode;
  className: string;
  children?: ReactNode;
};

/** A place where a reader drops or chooses files that stay on their machine. */
export function FileDrop({ label, onFiles, status, className, children }: Props) {
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={`${className} ${isOver ? "bg-sunken outline-2 outline-dashed outline-edge" : ""}`}
    >
      <div role="status">{status}</div>
      <label className="relative ml-6 inline-flex min-h-6 items-center justify-self-start underline decoration-line-strong underline-offset-3 focus-within:outline-2 focus-within:outline-verdigris sm:ml-0 [@media(scripting:none)]:hidden">
        {label}
        <input
          type="file"
          multiple
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={(event) => onFiles([...(event.target.files ?? [])])}
        />
      </label>
      {children}
    </div>
  );
}
