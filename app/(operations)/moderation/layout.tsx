import type { ReactNode } from "react";
import { NavLink } from "@/components/layout/nav-link";
import { hasRole } from "@/lib/accounts/actor";
import { requireOperator } from "@/lib/accounts/session/session";

/** Only for convenience of navigation: every query and command below decides for itself who may see what. */
export default async function ModerationLayout({ children }: { children: ReactNode }) {
  const actor = await requireOperator("/moderation", "moderator", "administrator");
  const isModerator = hasRole(actor, "moderator");
  const isAdministrator = hasRole(actor, "administrator");
  return (
    <>
      <nav aria-label="Moderation" className="border-b border-line bg-sunken">
        <div className="mx-auto flex max-w-7xl flex-wrap gap-x-6 px-4 py-1.5 text-sm sm:px-8">
          {isModerator && (
            <NavLink href="/moderation" isExact>
              Desk
            </NavLink>
          )}
          <NavLink href="/moderation/audit">Audit log</NavLink>
          {isAdministrator && <NavLink href="/moderation/accounts">Roles</NavLink>}
        </div>
      </nav>
      {children}
    </>
  );
}
