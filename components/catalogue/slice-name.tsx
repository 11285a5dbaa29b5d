type Props = { name: string; sellerName: string | null };

/** A slice by its condition, and below it what its seller calls it. */
export function SliceName({ name, sellerName }: Props) {
  return (
    <>
      {name}
      {sellerName !== null && (
        <span className="block text-xs font-normal text-ink-3">The seller calls it “{sellerName}”</span>
      )}
    </>
  );
}
