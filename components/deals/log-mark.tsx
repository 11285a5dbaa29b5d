import { TextLink } from "@/components/ui/text-link";
import type { LogPlaceView } from "@/lib/deals/queries/deal-facts";

/** Where a step's record stands in the public log, with its proof; or that it is on its way. */
export function LogMark({ place }: { place: LogPlaceView | undefined }) {
  if (!place) return null;
  if (place.index === null) return <span className="block text-xs text-ink-3">Not yet in the log</span>;
  return (
    <span className="flex flex-wrap gap-x-3 text-xs text-ink-3">
      <TextLink href={`/log/entries/${place.index}`}>Log entry {place.index}</TextLink>
      <TextLink href={`/log/1/proof/${place.leafHash}`}>its proof</TextLink>
    </span>
  );
}
