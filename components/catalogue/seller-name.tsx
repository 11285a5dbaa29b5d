/** What the seller calls a slice: second to the words of its condition. Nothing where there is no name. */
export function SellerName({ name }: { name: string | null }) {
  if (name === null) return null;
  return (
    <span className="block text-xs font-normal text-ink-3 [overflow-wrap:anywhere]">
      the seller calls it “{name}”
    </span>
  );
}
