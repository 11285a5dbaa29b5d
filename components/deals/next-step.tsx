import { ButtonLink } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Panel } from "@/components/ui/panel";
import { TextLink } from "@/components/ui/text-link";
import {
  acceptDelivery,
  acceptSplit,
  confirmDeletion,
  fundDeal,
  giveBack,
  withdraw,
} from "@/lib/deals/actions";
import { isHeld } from "@/lib/deals/fulfilment";
import type { DealView } from "@/lib/deals/queries/deal-room";
import { formatMoney, money } from "@/lib/shared/money";
import { ContractFilesCheck } from "./contract-files-check";
import {
  AnswerOffer,
  DealButton,
  DeliverForm,
  ProposeSplitForm,
  SignContractForm,
  SignedStep,
} from "./deal-forms";
import { Lines } from "./money-panel";
import { sizeText } from "@/lib/shared/size-text";

type Props = { deal: DealView; accountId: string; statementBase64: string | null };

/** What stands inside the box: the form of the one next action, and the files once there are some. */
export function NextStep({ deal, accountId, statementBase64 }: Props) {
  return (
    <>
      <SplitHint deal={deal} />
      <ActionOf deal={deal} accountId={accountId} statementBase64={statementBase64} />
      <Delivered deal={deal} />
      <InspectionButtons deal={deal} accountId={accountId} statementBase64={statementBase64} />
      {deal.mayConfirmDeletion && statementBase64 && (
        <div className="pt-4">
          <SignedStep
            action={confirmDeletion}
            dealId={deal.id}
            accountId={accountId}
            statementBase64={statementBase64}
          >
            I have deleted every copy
          </SignedStep>
        </div>
      )}
      <WhereToGo deal={deal} />
    </>
  );
}

function ActionOf({ deal, accountId, statementBase64 }: Props) {
  const { next, contract, openOffer, priceMinor, currency } = deal;
  switch (next.kind) {
    case "answer_offer":
      return openOffer && <AnswerOffer dealId={deal.id} offer={openOffer} currency={currency} />;
    case "sign":
      return (
        contract &&
        statementBase64 && (
          <SignContractForm
            dealId={deal.id}
            accountId={accountId}
            termsSha256={contract.termsSha256}
            statementBase64={statementBase64}
          />
        )
      );
    case "pay":
      if (deal.paymentProvider === "bank-transfer") return <TransferDetails deal={deal} />;
      return (
        <div className="pt-4">
          <DealButton
            action={fundDeal}
            fields={{ dealId: deal.id, amountMinor: (priceMinor ?? 0n).toString() }}
          >
            {`Pay ${formatMoney(money(priceMinor ?? 0n, currency))} (simulated)`}
          </DealButton>
        </div>
      );
    case "deliver":
      return <DeliverForm dealId={deal.id} />;
    default:
      return null;
  }
}

function TransferDetails({ deal }: { deal: DealView }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 pt-4 text-sm">
      <dt className="text-ink-3">Amount</dt>
      <dd className="tabular-nums">{formatMoney(money(deal.priceMinor ?? 0n, deal.currency))}</dd>
      <dt className="text-ink-3">Reference</dt>
      <dd className="font-mono select-all">{deal.paymentReference}</dd>
      <dt className="text-ink-3">To</dt>
      <dd className="whitespace-pre-line">{deal.bankDetails}</dd>
    </dl>
  );
}

function Delivered({ deal }: { deal: DealView }) {
  const { delivery, licence } = deal;
  if (!delivery || deal.you !== "buyer") return null;
  if (licence?.status !== "active") return null;
  return (
    <div className="pt-4">
      {delivery.note && (
        <p className="border-t border-line py-2.5 text-sm break-words whitespace-pre-line">{delivery.note}</p>
      )}
      {delivery.files.map((file) => (
        <p
          key={file.storedFileId}
          className="flex flex-wrap items-baseline gap-x-4 border-t border-line py-2.5 text-sm"
        >
          <a
            className="inline-flex min-h-6 items-center break-all underline decoration-line-strong underline-offset-3"
            href={`/deals/${deal.id}/files/${file.storedFileId}`}
            download
          >
            Download {file.path}
          </a>
          <span className="text-ink-3 tabular-nums">{sizeText(file.sizeBytes)}</span>
        </p>
      ))}
      {deal.run && deal.part === "weights" && (
        <p className="flex flex-wrap items-baseline gap-x-4 border-t border-line py-2.5 text-sm">
          <span className="text-ink-3">To run them, in the same folder:</span>
          {deal.run.names.map((name) => (
            <a
              key={name}
              href={`/api/v1/contracts/${deal.run?.sha256}/${name}`}
              className="link inline-flex min-h-6 items-center"
              download
            >
              {name}
            </a>
          ))}
        </p>
      )}
      {delivery.files.length > 0 && (
        <ContractFilesCheck
          expected={(deal.contract?.terms.files ?? []).map(({ path, sha256 }) => ({ path, sha256 }))}
        />
      )}
    </div>
  );
}

function InspectionButtons({ deal, accountId, statementBase64 }: Props) {
  const { disputants, moves } = deal;
  const { fulfilment } = moves;
  const mayAccept = fulfilment.includes("acceptDelivery");
  const mayDispute = fulfilment.includes("openDispute");
  const isDisputed = deal.fulfilment === "DISPUTED";
  const isOwnUsed = disputants.includes(deal.you) && isHeld(deal.fulfilment);
  if (!mayAccept && !mayDispute && !isDisputed && !isOwnUsed) return null;
  const somethingWrong = mayDispute && (
    <ButtonLink href={`/deals/${deal.id}/dispute`}>Something is wrong</ButtonLink>
  );
  return (
    <div className="flex flex-wrap items-start gap-3 pt-4">
      {mayAccept && statementBase64 ? (
        <SignedStep
          action={acceptDelivery}
          dealId={deal.id}
          accountId={accountId}
          statementBase64={statementBase64}
          beside={somethingWrong}
        >
          Accept the delivery
        </SignedStep>
      ) : (
        somethingWrong
      )}
      {isDisputed && (
        <ButtonLink href={`/deals/${deal.id}/dispute`} variant="primary">
          Go to the dispute
        </ButtonLink>
      )}
      {isOwnUsed && !isDisputed && (
        <p className="self-center text-sm text-ink-2">
          {disputants.length === 1
            ? "You withdrew your dispute; the other side may open one. "
            : "Each of you has withdrawn a dispute. "}
          <TextLink href={`/deals/${deal.id}/dispute`}>Read what was said</TextLink>
        </p>
      )}
    </div>
  );
}

/** Where a closed deal leads: to what was decided, to what one is owed, or back to the listing. */
function WhereToGo({ deal }: { deal: DealView }) {
  const { next, you, fulfilment, events, disputants } = deal;
  if (next.kind !== "settled" && next.kind !== "ended") return null;
  const wasRuled = events.some((event) => event.kind === "ruled");
  const isOwed =
    (deal.priceMinor ?? 0n) > 0n &&
    (fulfilment === "SPLIT" || fulfilment === (you === "seller" ? "RELEASED" : "REFUNDED"));
  const isOpenAgain = you === "buyer" && (deal.negotiation === "TERMINATED" || fulfilment === "LAPSED");
  const wasDisputed = disputants.length > 0;
  if (!wasDisputed && !isOwed && !isOpenAgain) return null;
  return (
    <div className="flex flex-wrap gap-3 pt-4">
      {wasDisputed && (
        <ButtonLink href={`/deals/${deal.id}/dispute`}>
          {wasRuled ? "Read the ruling" : "Read the dispute"}
        </ButtonLink>
      )}
      {isOwed && <ButtonLink href="/deals/statement">See your statement</ButtonLink>}
      {isOpenAgain && <ButtonLink href={`/listings/${deal.listing.slug}`}>Look at the listing</ButtonLink>}
    </div>
  );
}

/** An answer that only the end of the page asks for would be missed. */
function SplitHint({ deal }: { deal: DealView }) {
  const { splitProposal: proposal, currency, otherName, you } = deal;
  if (!proposal || proposal.by === you || !deal.moves.fulfilment.includes("agreeOnSplit")) return null;
  const amount = formatMoney(money(proposal.buyerMinor, currency));
  return (
    <div className="pt-4">
      <Notice tone="warning">
        {otherName} proposes to end it with a split: {amount} back to {you === "buyer" ? "you" : "the buyer"}.{" "}
        <a className="link" href="#end">
          Read it and answer
        </a>
      </Notice>
    </div>
  );
}

/** Ends that need no moderator: withdrawing, giving back, splitting. Out of the way, below everything else. */
export function EndEarly({ deal }: { deal: DealView }) {
  const { negotiation, fulfilment } = deal.moves;
  // Whoever has to answer an offer declines it instead, in the box above.
  const mayWithdraw =
    deal.next.kind !== "answer_offer" && negotiation.some((move) => move.startsWith("terminate"));
  const mayGiveBack = fulfilment.includes("giveBack");
  const maySplit = fulfilment.includes("agreeOnSplit") && (deal.priceMinor ?? 0n) > 1n;
  if (!mayWithdraw && !mayGiveBack && !maySplit) return null;
  return (
    <Panel title={mayWithdraw ? "Withdraw" : "Other ways to end it"} id="end">
      <div className="grid gap-5">
        {mayWithdraw && (
          <div className="grid justify-items-start gap-2">
            <p className="text-sm text-ink-2">
              You may end this negotiation now. Nothing is owed until both have signed.
            </p>
            <DealButton action={withdraw} fields={{ dealId: deal.id }} variant="secondary">
              End this negotiation
            </DealButton>
          </div>
        )}
        {maySplit && deal.splitProposal && <Proposal deal={deal} proposal={deal.splitProposal} />}
        {maySplit && (
          <div className="grid gap-2">
            <p className="max-w-[62ch] text-sm text-ink-2">
              Propose how to divide the held payment. Nothing moves until the other side accepts.
            </p>
            <ProposeSplitForm dealId={deal.id} currency={deal.currency} />
          </div>
        )}
        {mayGiveBack && (
          <div className="grid justify-items-start gap-2">
            <p className="max-w-[62ch] text-sm text-ink-2">
              You can return everything to the buyer without asking. The licence then ends. This cannot be
              undone.
            </p>
            <DealButton action={giveBack} fields={{ dealId: deal.id }} variant="danger">
              Give everything back
            </DealButton>
          </div>
        )}
      </div>
    </Panel>
  );
}

function Proposal({ deal, proposal }: { deal: DealView; proposal: NonNullable<DealView["splitProposal"]> }) {
  const isYours = proposal.by === deal.you;
  return (
    <div className="grid gap-3">
      <Notice tone={isYours ? "neutral" : "warning"}>
        {isYours
          ? "You proposed this split; it waits for the other side."
          : `${deal.otherName} proposes this split.`}
      </Notice>
      <Lines lines={proposal.preview.lines} currency={deal.currency} />
      {!isYours && (
        <DealButton action={acceptSplit} fields={{ dealId: deal.id, proposalId: proposal.id }}>
          Accept this split
        </DealButton>
      )}
    </div>
  );
}
