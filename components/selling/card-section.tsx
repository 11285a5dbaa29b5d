import type { NotMapped } from "@/lib/shared/cursor";
import { SubmitIntent } from "./draft-bar";
import { DraftArea } from "./draft-fields";
import { CardDrop } from "./card-drop";
import { NotMappedList } from "./not-mapped-list";
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
      {notMapped.length > 0 && (
        <NotMappedList
          entries={notMapped}
          source="the card"
          summary={`${notMapped.length} ${notMapped.length === 1 ? "thing has" : "things have"} no field here; the card keeps ${notMapped.length === 1 ? "it" : "them"}`}
        />
      )}
    </DraftSection>
  );
}
