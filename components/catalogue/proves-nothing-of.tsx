import type { ListingView } from "@/lib/catalogue/queries/find-listing";

type Props = { listing: ListingView; dataSetName: string | null; observed: string | null };

/** What a buyer must not conclude from this page. */
export function ProvesNothingOf({ listing, dataSetName, observed }: Props) {
  const points = [
    dataSetName
      ? `How the model does on input unlike the rows of “${dataSetName}”${observed ? `, which are of ${observed}` : ""}. Try it on rows of your own before you rely on it.`
      : "Anything about how well the model does: nobody has signed a run of it.",
    "That it keeps working. Input changes over time; a figure is about the day it was measured.",
    listing.version.kind === "files"
      ? "That files of another digest behave the same. Another quantisation or preparation of the input is another model."
      : "That what the seller runs tomorrow is what was measured.",
    "That a limit nobody stated is absent.",
    "That the seller has the rights they claim, or that the data were theirs to use. Offcut records who said so; it does not decide it.",
    "That the model is lawful for your purpose. That stays your decision.",
  ];
  return (
    <ul className="grid max-w-[70ch] list-disc gap-1.5 pl-5 text-ink-2">
      {points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  );
}
