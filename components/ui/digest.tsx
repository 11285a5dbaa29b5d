/** A digest shortened to its first twelve characters; the whole opens on demand and can be selected and copied. */
export function Digest({ hex, label = "SHA-256" }: { hex: string; label?: string }) {
  return (
    <details className="inline-block align-top">
      <summary
        className="inline-flex min-h-6 items-center font-mono text-sm underline decoration-line-strong underline-offset-3"
        title={`${label} ${hex}`}
      >
        {hex.slice(0, 12)}…
      </summary>
      <code className="block font-mono text-xs break-all select-all">{hex}</code>
    </details>
  );
}
