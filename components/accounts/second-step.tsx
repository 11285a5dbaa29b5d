import { ButtonForm } from "@/components/forms/action-form";
import { ButtonLink } from "@/components/ui/button";
import { DayTime, Moment } from "@/components/ui/moment";
import { EmptyState, Notice } from "@/components/ui/notice";
import { stopFactorRemoval } from "@/lib/accounts/actions";
import type { FactorView, OwnSecondStep } from "@/lib/accounts/queries/second-factors";

const KINDS = { totp: "authenticator app", passkey: "passkey" } as const;
/** So few codes left that new ones are worth the trouble. */
const FEW_CODES = 3;

function FactorRow({ factor, now }: { factor: FactorView; now: Date }) {
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-line py-3 first:border-t-0">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium break-words">{factor.label}</p>
        <p className="text-sm text-ink-2">
          {KINDS[factor.kind]}
          {factor.isBackedUp && ", kept by your password manager"}, added{" "}
          <Moment at={factor.createdAt} now={now} />
          {factor.lastUsedAt && (
            <>
              , last used <Moment at={factor.lastUsedAt} now={now} />
            </>
          )}
        </p>
      </div>
      <ButtonLink href={`/account/second-step/${factor.id}`} aria-label={`Change ${factor.label}`}>
        Change
      </ButtonLink>
    </li>
  );
}

function RecoveryCodesLeft({ left }: { left: number }) {
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-line pt-4">
      <p className={`min-w-0 flex-1 basis-56 ${left < FEW_CODES ? "text-ochre" : "text-ink-2"}`}>
        {left === 1 ? "One recovery code is left." : `${left} recovery codes are left.`}
      </p>
      <ButtonLink href="/account/second-step/codes">Make new codes</ButtonLink>
    </div>
  );
}

/** The second factors of the own account, and what to do about them. */
export function SecondStepPanel({ step, now }: { step: OwnSecondStep; now: Date }) {
  if (step.isExempt) {
    return (
      <Notice>
        Not asked in a demo: the password of this account is public. On a real installation moderators and
        administrators act, and sellers name where they are paid, only with a second step.
      </Notice>
    );
  }
  return (
    <div className="grid gap-4">
      {step.sleepingRoles.length > 0 && (
        <Notice tone="warning">
          Your role as {step.sleepingRoles.join(" and ")} acts as soon as you have set up a second step here.
        </Notice>
      )}
      {step.removal && (
        <Notice tone="bad">
          <div className="grid gap-3">
            <p>
              An administrator was asked to remove your second factors ({step.removal.reason}). This can be
              done from <DayTime at={step.removal.removableAt} now={now} /> on.
            </p>
            <ButtonForm action={stopFactorRemoval} fields={{ removalId: step.removal.id }} variant="danger">
              I did not ask for this: stop it
            </ButtonForm>
          </div>
        </Notice>
      )}
      {step.factors.length === 0 ? (
        <EmptyState title="Your password alone opens this account">
          With a second step nobody enters who only learned the password.
        </EmptyState>
      ) : (
        <>
          <ul>
            {step.factors.map((factor) => (
              <FactorRow key={factor.id} factor={factor} now={now} />
            ))}
          </ul>
          <RecoveryCodesLeft left={step.codesLeft} />
        </>
      )}
      <div className="flex flex-wrap gap-3">
        <ButtonLink href="/account/second-step/app">Add an authenticator app</ButtonLink>
        <ButtonLink href="/account/second-step/passkey">Add a passkey</ButtonLink>
      </div>
    </div>
  );
}
