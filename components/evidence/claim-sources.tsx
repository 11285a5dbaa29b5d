import { Digest } from "@/components/ui/digest";
import { verifyCommandLine } from "./terminal-command";

type Envelope = { sha256: string; href: string; leafHash: string | null; bundleUrl: string | null };

type Props = {
  envelope: Envelope;
  more?: readonly { label: string; href: string }[];
  digests: readonly { label: string; hex: string }[];
};

const LINK = "link inline-flex min-h-6 items-center";

/** What a claim rests on, one click away: the bytes, the proofs, the same check from a terminal, and the digests. */
export function ClaimSources({ envelope, more = [], digests }: Props) {
  const { sha256, href, leafHash } = envelope;
  const command = verifyCommandLine(envelope);
  return (
    <div className="grid gap-2 border-t border-line px-5 py-3 text-sm text-ink-3">
      <p className="flex flex-wrap items-start gap-x-5 gap-y-1">
        <a className={LINK} href={href} download={`${sha256}.dsse.json`}>
          Signed envelope (JSON)
        </a>
        {leafHash && (
          <>
            <a className={LINK} href={`/log/1/proof/${leafHash}`} download={`${leafHash}.tlog-proof`}>
              Proof
            </a>
            <a className={LINK} href={`/log/1/bundle/${leafHash}`} download={`${leafHash}.sigstore.json`}>
              Bundle
            </a>
            <a className={LINK} href={`/log?q=${leafHash}`}>
              Entry in the log
            </a>
          </>
        )}
        {more.map((link) => (
          <a key={link.href} className={LINK} href={link.href}>
            {link.label}
          </a>
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
            <code className="block rounded-sm bg-sunken px-3 py-2 font-mono text-xs break-all select-all">
              {command}
            </code>
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
