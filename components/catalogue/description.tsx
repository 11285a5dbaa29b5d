import type { ReactNode } from "react";
import type { MarkedNode } from "@/lib/catalogue/marked-text";
import { isSafeLink } from "@/lib/shared/safe-link";

/**
 * A seller's own words, as they were read when they were saved; null where they have not been read. Nothing in them is
 * loaded from elsewhere, and no link of theirs is vouched for.
 */
export function Description({ text, nodes }: { text: string; nodes: readonly MarkedNode[] | null }) {
  return (
    <div className="grid max-w-[70ch] gap-3 [overflow-wrap:anywhere] [&_code]:font-mono [&_code]:text-sm [&_li]:ml-5 [&_ol]:list-decimal [&_pre]:overflow-x-auto [&_ul]:list-disc">
      {nodes === null ? <p className="whitespace-pre-wrap">{text}</p> : nodes.map(shown)}
    </div>
  );
}

function shown(node: MarkedNode, place: number): ReactNode {
  if (typeof node === "string") return node;
  if (!("children" in node)) return <node.tag key={place} />;
  const children = node.children.map(shown);
  switch (node.tag) {
    case "a":
      return (
        <a key={place} href={isSafeLink(node.href) ? node.href : undefined} rel="nofollow noopener ugc">
          <bdi>{children}</bdi>
        </a>
      );
    case "ol":
      return (
        <ol key={place} start={node.start}>
          {children}
        </ol>
      );
    case "h3":
      return (
        <h3 key={place} className="pt-2">
          {children}
        </h3>
      );
    case "h4":
      return (
        <h4 key={place} className="pt-1 font-medium">
          {children}
        </h4>
      );
    default:
      return <node.tag key={place}>{children}</node.tag>;
  }
}
