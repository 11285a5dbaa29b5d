import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/notice";
import type { Cursor } from "@/lib/disputes/queries/reports";
import { Pages } from "./report-queue";

type Props<Row> = {
  id: string;
  title: string;
  rows: readonly Row[];
  /** Where the rows are one page of `count`: the field of the address that says which. */
  page?: { name: string; count: number; isFirst: boolean; next: Cursor | null };
  /** What stands where there are none: a title and a sentence. */
  empty: readonly [string, string];
  children: (row: Row) => ReactNode;
};

/** What a moderator has before them, with its count. */
export function Queue<Row>({ id, title, rows, page, empty, children }: Props<Row>) {
  const [emptyTitle, emptySentence] =
    page && !page.isFirst ? ["Nothing further", "The list ends before this page."] : empty;
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <h2 id={id}>
        {title} ({(page?.count ?? rows.length).toLocaleString("en")})
      </h2>
      {rows.length === 0 ? (
        <EmptyState title={emptyTitle}>{emptySentence}</EmptyState>
      ) : (
        <ul className="grid gap-2">{rows.map(children)}</ul>
      )}
      {page && (
        <Pages
          at="/moderation"
          name={page.name}
          anchor={`#${id}`}
          isFirstPage={page.isFirst}
          next={page.next}
        />
      )}
    </section>
  );
}
