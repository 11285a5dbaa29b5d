import { Digest } from "@/components/ui/digest";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import type { DealView, SignatureView } from "@/lib/deals/queries/deal-room";
import { LogMark } from "./log-mark";
import { Terms } from "./terms";

/** What both agreed: in words, signed by whom and how, and in every form to take along. Open while it waits for you. */
export function AgreedPanel({ deal, now }: { deal: DealView; now: Date }) {
  const { contract } = deal;
  if (!contract) return null;
  const [, rights] = contract.clauses;
  return (
    <Panel title={titleOf(deal)} id="agreed">
      <p className="text-sm text-ink-2">{rights?.text}</p>
      {deal.signatures.length > 0 && (
        <ul className="grid gap-1 pt-2 text-sm">
          {deal.signatures.map((signature) => (
            <li key={signature.party}>
              {signatureText(signature, deal)}{" "}
              <span className="text-ink-3">
                <Moment at={signature.signedAt} now={now} />
              </span>
              <LogMark place={deal.logPlaces[signature.envelopeSha256 ?? ""]} />
            </li>
          ))}
        </ul>
      )}
      <Forms deal={deal} />
      <div className="flex flex-wrap items-baseline gap-x-3 text-sm text-ink-3">
        Digest of the terms <Digest hex={contract.termsSha256} />
      </div>
      <details className="pt-1" open={deal.next.kind === "sign"}>
        <summary className="inline-flex min-h-6 items-center text-sm underline decoration-line-strong underline-offset-3">
          All terms on one page
        </summary>
        <div className="pt-3">
          <Terms clauses={contract.clauses} files={contract.terms.files} />
        </div>
      </details>
    </Panel>
  );
}

function titleOf({ negotiation, next }: DealView): string {
  if (next.kind === "sign") return "The terms you sign";
  if (negotiation === "TERMINATED") return "The terms, never signed by both";
  return negotiation === "FINALIZED" ? "What you agreed" : "The terms";
}

function Forms({ deal }: { deal: DealView }) {
  const forms = [
    { href: `/deals/${deal.id}/contract?as=text`, text: "Contract" },
    { href: `/deals/${deal.id}/contract?as=terms`, text: "Machine-readable terms" },
    ...(deal.signatures.length > 0
      ? [{ href: `/deals/${deal.id}/contract?as=signatures`, text: "Signatures" }]
      : []),
    ...(deal.hasProof ? [{ href: `/deals/${deal.id}/proof`, text: "Proof of the acceptance" }] : []),
    ...(deal.licence ? [{ href: `/licences/${deal.licence.id}/odrl`, text: "Licence as ODRL" }] : []),
  ];
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 py-2 text-sm">
      {forms.map(({ href, text }) => (
        <li key={href}>
          <TextLink href={href}>{text}</TextLink>
        </li>
      ))}
    </ul>
  );
}

/** Says plainly which of the two kinds of signature it is, and which one proves less. */
function signatureText({ party, method, isStanding }: SignatureView, deal: DealView): string {
  const isYours = party === deal.you;
  const who = isYours ? "You" : deal.otherName;
  const standing = isStanding ? ", once, as a standing offer to every buyer" : "";
  if (method === "device_key") {
    return `${who} signed with a key of ${isYours ? "your" : "their"} device${standing}.`;
  }
  return `${who} agreed while signed in${standing}. Offcut recorded it; without a key of ${isYours ? "your" : "their"} own it proves less.`;
}
