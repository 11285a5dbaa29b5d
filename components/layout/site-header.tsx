import { NavLink } from "./nav-link";

type Props = { actor: { displayName: string; roles: string[] } | null };

/** The bar on top of every page. Works without JavaScript; the current place is marked with it. */
export function SiteHeader({ actor }: Props) {
  const isModerator = actor?.roles.some((role) => role === "moderator" || role === "administrator");
  return (
    <header className="border-b border-line bg-paper">
      <div className="mx-auto flex min-h-15 max-w-360 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 sm:px-8 md:flex-nowrap lg:gap-x-6">
        <a href="/" className="flex min-h-8 items-center gap-2 text-lg font-semibold tracking-tight">
          <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
            <path d="M2 2h18v11l-7 7H2z" fill="none" stroke="currentColor" strokeWidth="1.8" />
            <path d="M20 13h-7v7z" fill="var(--verdigris-fill)" />
          </svg>
          Offcut
        </a>
        <nav
          aria-label="Main"
          className="order-last -my-1 flex w-full gap-x-3 overflow-x-auto py-1 text-sm whitespace-nowrap [scrollbar-width:none] md:order-none md:w-auto md:gap-x-4 md:overflow-visible md:text-base lg:gap-x-5"
        >
          <NavLink href="/" also="/listings">
            Browse
          </NavLink>
          <NavLink href="/sell">Sell</NavLink>
          <NavLink href="/deals">Deals</NavLink>
          {actor && <NavLink href="/licences">Licences</NavLink>}
          {actor && <NavLink href="/watched">Watched</NavLink>}
          {isModerator && <NavLink href="/moderation">Moderation</NavLink>}
        </nav>
        {actor ? (
          <span className="ml-auto flex min-w-0 [&>a]:min-w-0" title={actor.displayName}>
            <NavLink href="/account">
              <span className="max-w-64 truncate">{actor.displayName}</span>
            </NavLink>
          </span>
        ) : (
          <span className="ml-auto flex items-center gap-x-4 lg:gap-x-6">
            <NavLink href="/sign-in">Sign in</NavLink>
            <a
              href="/sign-up"
              className="hidden min-h-9 items-center rounded-md border border-edge bg-surface px-4 font-medium sm:inline-flex"
            >
              Open an account
            </a>
          </span>
        )}
      </div>
    </header>
  );
}
