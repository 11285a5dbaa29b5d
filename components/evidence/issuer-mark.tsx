import type { Issuer, IssuerView } from "@/lib/evidence/logged-entry";

const words: Record<Issuer, string> = {
  platform: "by this market itself",
  platform_for_account: "by this market, for an account without a key of its own",
  seller: "the seller’s own word",
  evaluator: "by an evaluator",
  other_account: "by another account",
};

/** Says who issues a statement before it says what: a seller's own word never looks like somebody else's. */
export function IssuerMark({ signer, title }: { signer: IssuerView; title: string }) {
  const isOwnWord = signer.issuer === "seller" || signer.issuer === "platform_for_account";
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-2">
      <b className="font-medium text-ink">{title}</b>
      <span aria-hidden="true">·</span>
      <span className={isOwnWord ? "text-ochre" : ""}>{words[signer.issuer]}</span>
      {signer.isDemoKey && <span className="text-ink-3">demo key</span>}
    </p>
  );
}
