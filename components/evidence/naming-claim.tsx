import { ActionForm, SubmitButton } from "@/components/forms/action-form";
import { Moment } from "@/components/ui/moment";
import { takeStance } from "@/lib/evidence/actions/claims";
import type { NamingClaim } from "@/lib/evidence/queries/own-claims";
import { DeviceSignature } from "./device-signature";
import { SentenceText } from "./sentence";

type Props = { claim: NamingClaim; accountId: string; now: Date };

const answered = { confirmed: "You confirmed this", rejected: "You said that this is wrong" } as const;

const methodText: Readonly<Record<string, string>> = {
  device_key: ", signed with a key of your own.",
  session: ". Offcut signed that you said so while signed in.",
};

/** What a listing says of the reader, and their two answers. */
export function NamingClaimCard({ claim, accountId, now }: Props) {
  const { listing, seller, answer, contribution, shareBasisPoints } = claim;
  return (
    <section
      aria-label={`What “${listing.title}” says of you`}
      className="grid gap-4 rounded-lg border border-line bg-surface px-5 py-4.5"
    >
      <div className="grid gap-1">
        <h2>
          <a href={`/listings/${listing.slug}`}>{listing.title}</a>
        </h2>
        <p className="max-w-[68ch]">
          <a href={`/people/${seller.handle}`}>{seller.displayName}</a> says that you{" "}
          {contribution === "" ? "contributed" : <>contributed “{contribution}”</>} and take{" "}
          <b className="tabular-nums">{shareBasisPoints / 100} %</b> of what the seller is paid.
        </p>
        <p className="max-w-[68ch] text-sm break-words text-ink-2">
          <SentenceText sentence={claim.headline} />
        </p>
        {answer && (
          <p className={answer.stance === "confirmed" ? "text-verdigris" : "text-red"}>
            {answered[answer.stance]} <Moment at={answer.at} now={now} />
            {methodText[answer.method] ?? "."}
          </p>
        )}
      </div>
      {answer ? (
        <details className="border-t border-line pt-3">
          <summary className="min-h-6 text-sm">Change your stance</summary>
          <div className="pt-3">
            <Stance
              claim={claim}
              accountId={accountId}
              stance={answer.stance === "confirmed" ? "rejected" : "confirmed"}
            />
          </div>
        </details>
      ) : (
        <div className="flex flex-wrap items-start gap-x-8 gap-y-4 border-t border-line pt-4">
          <Stance claim={claim} accountId={accountId} stance="confirmed" />
          <Stance claim={claim} accountId={accountId} stance="rejected" />
        </div>
      )}
    </section>
  );
}

function Stance({
  claim,
  accountId,
  stance,
}: {
  claim: NamingClaim;
  accountId: string;
  stance: "confirmed" | "rejected";
}) {
  const isConfirming = stance === "confirmed";
  return (
    <ActionForm
      action={takeStance}
      className="grid max-w-[36ch] justify-items-start gap-2"
      aria-label={`${isConfirming ? "Confirm" : "Reject"} what “${claim.listing.title}” says of you`}
    >
      <input type="hidden" name="claimId" value={claim.id} />
      <input type="hidden" name="stance" value={stance} />
      <DeviceSignature accountId={accountId} statementBase64={claim.answers[stance]} />
      <SubmitButton variant={isConfirming ? "primary" : "secondary"}>
        {isConfirming ? "This is right" : "This is wrong"}
      </SubmitButton>
    </ActionForm>
  );
}
