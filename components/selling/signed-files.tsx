import type { DraftImportView } from "@/lib/selling/queries/draft-imports";

type Signature = NonNullable<DraftImportView["signature"]>;

const states: Record<Signature["state"], { text: string; tone: string }> = {
  verified: { text: "The signature holds under the key you gave.", tone: "text-verdigris" },
  forged: { text: "FAILED: the signature does not hold under the key it names.", tone: "text-red" },
  not_checked: {
    text: "Signature not checked: the key it names was not given.",
    tone: "text-ochre",
  },
  unsupported: {
    text: "Signature cannot be checked here: it was made with a certificate or a Sigstore identity.",
    tone: "text-ochre",
  },
  malformed: { text: "FAILED: its signature cannot be read.", tone: "text-red" },
};

/** A signed list of files: whether the signature holds, and whether the files in the draft are those signed. */
export function SignedFiles({ signature }: { signature: Signature }) {
  const { text, tone } = states[signature.state];
  return (
    <div className="grid gap-1">
      <p className={tone}>{text}</p>
      <Agreement signature={signature} />
    </div>
  );
}

function Agreement({ signature }: { signature: Signature }) {
  const { agreement, same, changed, missing, unlisted, uncovered } = signature;
  switch (agreement) {
    case "nothing_held":
      return (
        <p className="text-ink-2">
          Upload the model’s files under Files or endpoint, and they are held against this list.
        </p>
      );
    case "other_digests":
      return (
        <p className="text-ink-2">
          The list names files by another digest than SHA-256, or piece by piece, so they cannot be compared.
        </p>
      );
    case "same":
      return (
        <div className="grid gap-1">
          <p className="text-verdigris">Your files are those of the list: all {same.length} match.</p>
          <div className="text-ochre">
            <Paths label="Left out by the signer, so that nobody stands by them" paths={uncovered} />
          </div>
        </div>
      );
    case "differs":
      return (
        <div className="grid gap-1 text-red">
          <p>Your files are not those of the list. {same.length} match.</p>
          <Paths label="Other bytes under the same name" paths={changed} />
          <Paths label="In the list and not here" paths={missing} />
          <Paths label="Here and not in the list" paths={unlisted} />
        </div>
      );
  }
}

function Paths({ label, paths }: { label: string; paths: readonly string[] }) {
  if (paths.length === 0) return null;
  const more = paths.length > 20 ? ` and ${paths.length - 20} more` : "";
  return (
    <p className="text-sm break-words">
      {label}: <span className="font-mono">{paths.slice(0, 20).join(", ")}</span>
      {more}
    </p>
  );
}
