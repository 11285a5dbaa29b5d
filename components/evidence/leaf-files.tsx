import { TextLink } from "@/components/ui/text-link";

/** What shows an entry in the log without us: its proof, and, while its payload is kept, the bundle with it. */
export function LeafFiles({ leafHash, isErased = false }: { leafHash: string; isErased?: boolean }) {
  return (
    <>
      <TextLink href={`/log/1/proof/${leafHash}`} download={`${leafHash}.tlog-proof`}>
        Proof
      </TextLink>
      {!isErased && (
        <TextLink href={`/log/1/bundle/${leafHash}`} download={`${leafHash}.sigstore.json`}>
          Bundle
        </TextLink>
      )}
    </>
  );
}
