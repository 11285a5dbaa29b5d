import type { NotMapped } from "@/lib/catalogue/draft";
import { SubmitIntent } from "./draft-bar";
import { DraftArea } from "./draft-fields";
import { CardDrop } from "./card-drop";
import { DraftSection } from "./section";

/** The model card: pasted, dropped or chosen; what it said that no field could take is listed. */
export function CardSection({ card, notMapped }: { card: string; notMapped: readonly NotMapped[] }) {
  return (
    <DraftSection
      id="card"
      title="Model card"
      lead="A Hugging Face README.md, or any text that says what the model is. Reading it fills the answers below that are still empty; nothing you wrote is replaced."
    >
      <CardDrop>
        <DraftArea
          name="cardText"
          label="Card, as Markdown"
          defaultValue={card}
          rows={card === "" ? 5 : 10}
          className="font-mono text-sm"
          spellCheck={false}
          placeholder={"---\nlanguage: en\npipeline_tag: text-classification\n---\n# My model"}
        />
      </CardDrop>
      <div>
        <SubmitIntent intent="import">Read this card into the draft</SubmitIntent>
      </div>
      {notMapped.length > 0 && <NotMappedList entries={notMapped} />}
    </DraftSection>
  );
}

function NotMappedList({ entries }: { entries: readonly NotMapped[] }) {
  return (
    <details className="rounded-md border border-line bg-sunken px-4 py-3">
      <summary className="min-h-6">
        {entries.length} {entries.length === 1 ? "thing has" : "things have"} no field here; the card keeps{" "}
        {entries.length === 1 ? "it" : "them"}
      </summary>
      <div className="overflow-x-auto pt-2" tabIndex={0} role="region" aria-label="What could not be mapped">
        <table className="w-full min-w-120 text-left text-sm">
          <thead className="text-ink-3">
            <tr>
              <th className="py-1 pr-4 font-normal">In the card</th>
              <th className="py-1 pr-4 font-normal">Says</th>
              <th className="py-1 font-normal">Why it was not mapped</th>
            </tr>
          </thead>
          <tbody>
            {entries.map(({ path, value, reason }, index) => (
              <tr key={index} className="border-t border-line align-top">
                <td className="py-1.5 pr-4 font-mono">{path}</td>
                <td className="max-w-80 py-1.5 pr-4 break-words">{value}</td>
                <td className="py-1.5 text-ink-2">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
