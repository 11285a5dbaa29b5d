import { scaled } from "@/components/ui/scaled";

/** "2.4 KB", "1.3 GB": powers of 1,024, one digit. */
export function fileSize(bytes: number): string {
  const { value, unit } = scaled(bytes, 1024);
  return unit === "bytes" ? `${bytes} bytes` : `${value.toFixed(1)} ${unit}`;
}
