import { CommandLine } from "@/components/ui/command-line";
import { Digest } from "@/components/ui/digest";
import { TextLink } from "@/components/ui/text-link";
import { LeafFiles } from "./leaf-files";
import { verifyCommandLine } from "./terminal-command";

type Envelope = { sha256: string; href: string; leafHash: string | null; bundleUrl: string | null };

type Props = {
  envelope: Envelope;
  more?: readonly { label: string; href: string }[];
  digests: readonly { label: string; hex: string }[];
};

/** What a claim rests on, one click away: the bytes, the proofs, the same check from a terminal, and the digests. */
export function ClaimSources({ envelope, more = [], digests }: Props) {
  const { sha256, href, leafHash } = envelope;
  const command = verifyCommandLine(envelope);
  return (
    <div className="grid gap-2 border-t border-line px-5 py-3 text-sm text-ink-3">
      <p className="flex flex-wrap items-start gap-x-5 gap-y-1">
        <TextLink href={href} download={`${sha256}.dsse.json`}>
          Signed envelope (JSON)
        </TextLink>
        {leafHash && (
          <>
            <LeafFiles leafHash={leafHash} />
            <TextLink href={`/log?q=${leafHash}`}>Entry in the log</TextLink>
          </>
        )}
        {more.map((link) => (
          <TextLink key={link.href} href={link.href}>
            {link.label}
          </TextLink>
        ))}
      </p>
      <div className="flex flex-wrap items-start gap-x-5 gap-y-1">
        {digests.map(({ label, hex }) => (
          <div key={label} className="flex gap-1.5">
            {label} <Digest hex={hex} label={`${label}, SHA-256`} />
          </div>
        ))}
      </div>
      {command && (
        <details>
          <summary className="min-h-6">Code served by this site can lie. Check without it</summary>
          <div className="grid max-w-[68ch] gap-1.5 pt-1 text-ink-2">
            <p>
              These rows were computed by this page, in your browser. If you do not want to trust the page,
              run the same check from the source code, in a terminal:
            </p>
            <CommandLine>{command}</CommandLine>
            <p>
              Any program that reads Sigstore bundles or C2SP logs can check it too; see{" "}
              <a href="/log">the log</a>.
            </p>
          </div>
        </details>
      )}
    </div>
  );
}
