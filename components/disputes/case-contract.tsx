import { LogMark } from "@/components/deals/log-mark";
import { Digest } from "@/components/ui/digest";
import { exactTime } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import type { DealForCase } from "@/lib/deals/queries/deal-for-case";

/** The contract, who signed it how, and whether what was delivered is what was promised, file by file. */
export function CaseContract({ deal }: { deal: DealForCase }) {
  const delivered = new Map(
    deal.deliveries.flatMap((delivery) => delivery.files).map((file) => [file.path, file.sha256]),
  );
  return (
    <Panel title="Contract and files">
      <div className="pb-2 text-sm text-ink-2">
        Terms <Digest hex={deal.termsSha256} label="SHA-256 of the terms" />
      </div>
      <ul className="pb-3 text-sm">
        {deal.signatures.map((signature) => (
          <li key={signature.party}>
            Signed by the {signature.party}, {exactTime(signature.signedAt)},{" "}
            {signature.method === "device_key"
              ? "with a key of their device"
              : "while signed in: Offcut recorded it, which proves less than a key of their own"}
            <LogMark place={deal.logPlaces[signature.envelopeSha256 ?? ""]} />
          </li>
        ))}
      </ul>
      <div className="overflow-x-auto" role="region" aria-label="Promised and delivered files" tabIndex={0}>
        <table className="w-full min-w-120 text-sm">
          <thead className="text-left text-ink-3">
            <tr>
              <th className="py-1.5 pr-4 font-medium">File</th>
              <th className="py-1.5 pr-4 font-medium">Promised</th>
              <th className="py-1.5 font-medium">Delivered</th>
            </tr>
          </thead>
          <tbody>
            {deal.promisedFiles.map((file) => (
              <tr key={file.path} className="border-t border-line">
                <td className="py-1.5 pr-4 font-mono text-xs">{file.path}</td>
                <td className="py-1.5 pr-4">
                  <Digest hex={file.sha256} />
                </td>
                <td className="py-1.5">
                  <DeliveredState promised={file.sha256} delivered={delivered.get(file.path)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <details className="pt-3">
        <summary className="inline-flex min-h-6 items-center underline decoration-line-strong underline-offset-3">
          Read the contract
        </summary>
        <pre className="max-h-120 overflow-auto pt-3 font-mono text-xs whitespace-pre-wrap" tabIndex={0}>
          {deal.contractText}
        </pre>
      </details>
    </Panel>
  );
}

function DeliveredState({ promised, delivered }: { promised: string; delivered: string | undefined }) {
  if (!delivered) return <span className="text-ochre">not delivered</span>;
  return delivered === promised ? (
    <span className="text-verdigris">the same digest</span>
  ) : (
    <div className="text-red">
      differs: <Digest hex={delivered} />
    </div>
  );
}
