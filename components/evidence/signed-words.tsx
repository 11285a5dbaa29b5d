import { Moment } from "@/components/ui/moment";
import type { Sentence } from "@/lib/statements/sentence";
import { SentenceText } from "./sentence";

type Words = { headline: Sentence; doesNotShow: readonly string[] };

/** Who signed what, and right behind it what that does not show. */
export function SignedHeadline({ headline, doesNotShow }: Words) {
  return (
    <p className="max-w-[68ch] break-words text-pretty">
      <SentenceText sentence={headline} />{" "}
      <span className="text-ink-3">It does not show {listed(doesNotShow)}.</span>
    </p>
  );
}

/** The facts of a statement, one sentence each; nothing when there are none. */
export function SignedFacts({ facts }: { facts: readonly Sentence[] }) {
  if (facts.length === 0) return null;
  return (
    <ul className="grid max-w-[68ch] gap-1 text-sm text-ink-2">
      {facts.map((fact, index) => (
        <li key={index} className="break-words">
          <SentenceText sentence={fact} />
        </li>
      ))}
    </ul>
  );
}

/** That the key was revoked: later, which takes nothing from what it had signed, or before, when it signed nothing. */
export function LaterRevoked({ at, signedAt, now }: { at: Date; signedAt: Date; now: Date }) {
  return (
    <>
      The key was revoked <Moment at={at} now={now} />,{" "}
      {signedAt < at
        ? "after it had signed this."
        : "before this was recorded: the signature does not count."}
    </>
  );
}

/** "a; b; or c". */
function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "anything beyond that";
  return `${items.slice(0, -1).join("; ")}; or ${items.at(-1)}`;
}
