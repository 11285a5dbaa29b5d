import { exactTime } from "@/components/ui/moment";
import type { Sentence } from "@/lib/statements/sentence";

/** A sentence written from a statement: names in bold, dates with their exact time, digests shortened. */
export function SentenceText({ sentence }: { sentence: Sentence }) {
  return (
    <span>
      {sentence.map((part, index) => {
        switch (part.kind) {
          case "text":
            return <span key={index}>{part.text}</span>;
          case "strong":
            return <b key={index}>{part.text}</b>;
          case "digest":
            return (
              <code key={index} title={`SHA-256 ${part.text}`} className="font-mono text-sm">
                {part.text.slice(0, 12)}…
              </code>
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
