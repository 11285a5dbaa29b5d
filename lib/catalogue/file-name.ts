import { withoutUnseen } from "@/lib/shared/plain-name";

const MAX_LENGTH = 200;

/** A plain file name out of whatever a browser calls it: no folders, no control characters, never empty. */
export function safeFileName(name: string): string {
  const last = name.normalize("NFC").split(/[\\/]/).at(-1) ?? "";
  const plain = withoutUnseen(last).trim().slice(0, MAX_LENGTH);
  return plain === "" || /^\.+$/.test(plain) ? "file" : plain;
}

/** "model.onnx", or "model-2.onnx" where that is taken. */
export function freeFileName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const dot = name.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  for (let number = 2; ; number++) {
    const candidate = `${stem}-${number}${end}`;
    if (!taken.has(candidate)) return candidate;
  }
}
