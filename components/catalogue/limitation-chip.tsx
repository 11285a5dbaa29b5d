import { type LimitationType, limitationTypes } from "@/lib/catalogue/limitation";

/** A limitation in two or three words, linked to what it means. */
export function LimitationChip({ type }: { type: LimitationType }) {
  return (
    <a
      href={`/glossary#${type}`}
      title={limitationTypes[type].meaning}
      className="inline-flex min-h-6 items-center rounded-sm bg-ochre-soft px-2 text-sm text-ochre no-underline"
    >
      {limitationTypes[type].label}
    </a>
  );
}
