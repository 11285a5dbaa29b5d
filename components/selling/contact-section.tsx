import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { DESCRIPTION_MAX_CHARACTERS } from "@/lib/catalogue/marked-text";
import { DraftArea, DraftText } from "./draft-fields";
import { DraftSection } from "./section";

export function ContactSection({ fields }: { fields: DraftFields }) {
  return (
    <DraftSection
      id="contact-section"
      title="Contact and description"
      lead="Buyers see the contact on the listing. Deals themselves are made here."
    >
      <DraftText
        name="contact"
        label="How buyers reach you"
        defaultValue={fields.contact}
        maxLength={200}
        hint="An e-mail address or a page."
      />
      <DraftArea
        name="description"
        label="More about it"
        isOptional
        defaultValue={fields.description}
        rows={5}
        maxLength={DESCRIPTION_MAX_CHARACTERS}
        hint="Markdown. The card is shown as well, so nothing needs saying twice."
      />
    </DraftSection>
  );
}
