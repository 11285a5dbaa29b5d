import { Digest } from "@/components/ui/digest";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import type { DealView, SignatureView } from "@/lib/deals/queries";
import { Terms } from "./terms";

/** What both agreed: in words, signed by whom and how, and in every form to take along. */
export function AgreedPanel({ deal, now }: { deal: DealView; now: Date }) {
  const { contract, licence } = deal;
  if (!contract) return null;
  const [, rights] = contract.clauses;
  return (
    <Panel title="What you agreed" id="agreed">
      <p className="text-sm text-ink-2">{rights?.text}</p>
      <ul className="grid gap-1 py-2 text-sm">
        {deal.signatures.map((signature) => (
          <li key={signature.party}>
            <SignatureLine signature={signature} deal={deal} now={now} />
          </li>
        ))}
      </ul>
      <p className="flex flex-wrap gap-x-4 gap-y-1 pb-2 text-sm">
        <a href={`/deals/${deal.id}/contract?as=text`}>Contract</a>
        <a href={`/deals/${deal.id}/contract?as=terms`}>machine-readable terms</a>
        <a href={`/deals/${deal.id}/contract?as=signatures`}>signatures</a>
        {licence && <a href={`/licences/${licence.id}/odrl`}>licence as ODRL</a>}
      </p>
      <div className="flex flex-wrap items-baseline gap-x-3 text-sm text-ink-3">
        Digest of the terms <Digest hex={contract.termsSha256} />
      </div>
      <details className="pt-3">
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

function SignatureLine({ signature, deal, now }: { signature: SignatureView; deal: DealView; now: Date }) {
  const who = signature.party === deal.you ? "You" : deal.otherName;
  const how =
    signature.method === "device_key"
      ? "signed with a key of the device"
      : "agreed while signed in; Offcut signed that, which is the weaker form";
  return (
    <>
      {who} {how}
      {signature.isStanding && ", as a standing offer to every buyer"}{" "}
      <span className="text-ink-3">
        <Moment at={signature.signedAt} now={now} />
      </span>
    </>
  );
}
