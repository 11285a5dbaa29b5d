import type { ReactNode } from "react";
import { EmptyState } from "@/components/ui/notice";

type Props<Row> = {
  id: string;
  title: string;
  rows: readonly Row[];
  /** What stands where there are none: a title and a sentence. */
  empty: readonly [string, string];
  children: (row: Row) => ReactNode;
};

/** What a moderator has before them, with its count. */
export function Queue<Row>({ id, title, rows, empty, children }: Props<Row>) {
  return (
    <section aria-labelledby={id} className="grid gap-3">
      <h2 id={id}>
        {title} ({rows.length})
      </h2>
      {rows.length === 0 ? (
        <EmptyState title={empty[0]}>{empty[1]}</EmptyState>
      ) : (
        <ul className="grid gap-2">{rows.map(children)}</ul>
      )}
    </section>
  );
}
