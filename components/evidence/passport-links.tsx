/** Where to get everything a listing states in one signed document. */
export function PassportLinks({ slug }: { slug: string }) {
  return (
    <p className="max-w-[68ch] pt-4 text-sm text-ink-2">
      <a className="link" href={`/listings/${slug}/passport.cdx.json`} download>
        Download passport
      </a>
      : one CycloneDX document with every claim, what speaks against it and the signed records behind both, to
      keep or check without us (
      <a className="link" href={`/listings/${slug}/passport.dsse.json`} download>
        signed by Offcut
      </a>
      ).
    </p>
  );
}
