import { type LimitationType, limitationTypes } from "@/lib/catalogue/limitation";

type Props = {
  type: LimitationType;
  /** What to say instead of the limitation's name, where a condition says more. */
  text?: string;
};

/** A limitation in a few words, linked to what it means. */
export function LimitationChip({ type, text }: Props) {
  const { label, meaning } = limitationTypes[type];
  return (
    <a
      href={`/glossary#${type}`}
      title={text === undefined || text === label ? meaning : `${label}: ${meaning}`}
      className="inline-flex min-h-6 items-center rounded-sm bg-ochre-soft px-2 py-0.5 text-sm leading-snug text-ochre no-underline"
    >
      {text ?? label}
    </a>
  );
}
