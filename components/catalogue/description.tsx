import Markdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import { isSafeLink } from "@/lib/shared/safe-link";

/** A seller's own words. Nothing in them is loaded from elsewhere, and no link of theirs is vouched for. */
export function Description({ text }: { text: string }) {
  return (
    <div className="grid max-w-[70ch] gap-3 [overflow-wrap:anywhere] [&_code]:font-mono [&_code]:text-sm [&_li]:ml-5 [&_ol]:list-decimal [&_pre]:overflow-x-auto [&_table]:text-sm [&_td]:pr-4 [&_ul]:list-disc">
      <Markdown
        rehypePlugins={[rehypeSanitize]}
        urlTransform={(href) => (isSafeLink(href) ? href : "")}
        components={{
          img: ({ alt }) => <span className="text-ink-3">[image{alt ? `: ${alt}` : ""}]</span>,
          a: ({ href, children }) =>
            href ? (
              <a href={href} rel="nofollow noopener ugc">
                <bdi>{children}</bdi>
              </a>
            ) : (
              <bdi>{children}</bdi>
            ),
          h1: ({ children }) => <h3 className="pt-2">{children}</h3>,
          h2: ({ children }) => <h3 className="pt-2">{children}</h3>,
          h3: ({ children }) => <h4 className="pt-1 font-medium">{children}</h4>,
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}
