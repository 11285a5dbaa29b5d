import { ButtonLink } from "./button";

/** Links to the pages before and after this one; nothing where there is one page. `path` is without a query. */
export function Pager({ path, page, pages }: { path: string; page: number; pages: number }) {
  if (pages <= 1 && page <= 1) return null;
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-3 pt-4">
      {page > 1 && (
        <ButtonLink href={`${path}?page=${page - 1}`} variant="secondary">
          Before
        </ButtonLink>
      )}
      <span className="text-sm text-ink-2">
        Page {page} of {pages}
      </span>
      {page < pages && (
        <ButtonLink href={`${path}?page=${page + 1}`} variant="secondary">
          After
        </ButtonLink>
      )}
    </nav>
  );
}
