import { Digest } from "@/components/ui/digest";
import { exactTime } from "@/components/ui/moment";
import type { Sentence } from "@/lib/evidence/statement-sentences";

type Props = {
  sentence: Sentence;
  now: Date;
  /** Digests as short text, for places where nothing may be opened. */
  isPlain?: boolean;
};

/** A sentence written from a statement: names in bold, dates with their exact time, digests to open and copy. */
export function SentenceText({ sentence, isPlain }: Props) {
  return (
    <span>
      {sentence.map((part, index) => {
        switch (part.kind) {
          case "text":
            return <span key={index}>{part.text}</span>;
          case "strong":
            return <b key={index}>{part.text}</b>;
          case "digest":
            return isPlain ? (
              <code key={index} className="font-mono text-sm">
                {part.text.slice(0, 12)}…
              </code>
            ) : (
              <Digest key={index} hex={part.text} />
            );
          case "date":
            return (
              <time key={index} dateTime={part.iso} title={exactTime(new Date(part.iso))}>
                {part.text}
              </time>
            );
        }
      })}
    </span>
  );
}
