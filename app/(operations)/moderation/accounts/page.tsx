import type { Metadata } from "next";
import { FactorRemoval } from "@/components/accounts/factor-removal";
import { RoleForms } from "@/components/accounts/role-forms";
import { SearchForm } from "@/components/forms/search-form";
import { Page } from "@/components/layout/page";
import { EmptyState } from "@/components/ui/notice";
import { searchAccounts } from "@/lib/accounts/queries/accounts";
import { searchAccountsInput } from "@/lib/accounts/schemas";
import { requireOperator } from "@/lib/accounts/session/session";
import { currentTime } from "@/lib/platform/clock";

export const metadata: Metadata = { title: "Roles" };

export default async function AccountsPage({ searchParams }: PageProps<"/moderation/accounts">) {
  const actor = await requireOperator("/moderation/accounts", "administrator");
  const { q } = searchAccountsInput.parse(await searchParams);
  const [accounts, now] = await Promise.all([searchAccounts(actor, q), currentTime()]);
  return (
    <Page
      width="medium"
      title="Roles"
      lead="Everybody may buy and sell. Evaluators, moderators and administrators are granted here; each change is written to the audit log, told by mail, and acts on the person’s next click. A moderator or administrator acts only with a second step."
    >
      <div className="grid gap-5">
        <SearchForm name="q" label="Handle or name" isOptional defaultValue={q} maxLength={60} />
        <h2>{q ? `Accounts with “${q}”` : "Accounts that hold a role"}</h2>
        {accounts.length === 0 ? (
          <EmptyState title="Nobody found">Try a shorter piece of the handle or the name.</EmptyState>
        ) : (
          <ul className="grid gap-4">
            {accounts.map((account) => (
              <li key={account.handle} className="rounded-lg border border-line bg-surface px-5 py-4.5">
                <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
                  <p>
                    <a href={`/people/${account.handle}`} className="link font-medium">
                      {account.displayName}
                    </a>{" "}
                    <span className="text-ink-3">@{account.handle}</span>
                  </p>
                  <p className="text-sm text-ink-2">
                    {account.isSuspended
                      ? "suspended"
                      : account.isVerified
                        ? "address confirmed"
                        : "address not confirmed"}
                    {" · "}
                    {account.roles.length > 0 ? account.roles.join(", ") : "no role"}
                    {account.sleepingRoles.length > 0 && " (asleep until there is a second step)"}
                  </p>
                </div>
                <RoleForms account={account} />
                <FactorRemoval account={account} now={now} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </Page>
  );
}
