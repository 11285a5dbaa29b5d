import type { DraftFields } from "@/lib/catalogue/draft-fields";
import { declaredLevels, domains, languageName, tasks } from "@/lib/catalogue/niche";
import { DraftArea, DraftSelect, DraftText } from "./draft-fields";
import { DraftSection } from "./section";

const suggestedLanguages = [
  "en",
  "de",
  "fr",
  "es",
  "it",
  "pt",
  "nl",
  "pl",
  "sv",
  "uk",
  "ru",
  "tr",
  "ar",
  "fa",
  "hi",
  "bn",
  "id",
  "sw",
  "ha",
  "yo",
  "zh-Hans",
  "zh-Hant",
  "ja",
  "ko",
  "vi",
  "mul",
  "zxx",
];

const choose = ["", "Choose…"] as const;

const byLabel = (names: Record<string, string>) =>
  Object.entries(names).sort(([, a], [, b]) => a.localeCompare(b, "en"));

/** What the model is called and the one job it is offered for. */
export function NicheSection({ fields, draftedTitle }: { fields: DraftFields; draftedTitle: string }) {
  return (
    <DraftSection
      id="niche"
      title="Name and niche"
      lead="The niche is the one job where it works: a task, on a kind of input, in a language, at a level you declare. Its evidence is judged at that level."
    >
      <DraftText
        name="title"
        label="Title"
        isOptional
        defaultValue={fields.title}
        maxLength={90}
        placeholder={draftedTitle}
        hint="Left empty, it is called as shown in grey."
      />
      <DraftArea
        name="summary"
        label="In one or two sentences"
        isOptional
        defaultValue={fields.summary}
        maxLength={400}
        rows={2}
        hint="What it does well, and where it stops. This stands right under the title."
      />
      <DraftSelect
        name="scope"
        label="What you sell"
        defaultValue={fields.scope}
        options={[
          ["niche", "A model that works in a niche"],
          ["parts", "Parts of a model without a niche: its data, its records, its adapter"],
        ]}
      />
      <NicheChoices fields={fields} />
    </DraftSection>
  );
}

function NicheChoices({ fields }: { fields: DraftFields }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <DraftSelect
        name="task"
        label="Task"
        defaultValue={fields.task}
        options={[choose, ...byLabel(tasks)]}
      />
      <DraftSelect
        name="domain"
        label="Input is about"
        defaultValue={fields.domain}
        options={[choose, ...byLabel(domains)]}
      />
      <div>
        <DraftText
          name="languages"
          label="Languages"
          defaultValue={fields.languages}
          list="language-tags"
          autoComplete="off"
          hint="Tags such as en or zh-Hant, with commas between; mul for many, zxx where there is no language."
        />
        <datalist id="language-tags">
          {suggestedLanguages.map((tag) => (
            <option key={tag} value={tag}>
              {languageName(tag)}
            </option>
          ))}
        </datalist>
      </div>
      <DraftSelect
        name="declaredLevel"
        label="Level you declare"
        defaultValue={fields.declaredLevel}
        hint="The share of right answers a buyer may count on inside the niche."
        options={[
          choose,
          ...declaredLevels.map((level) => [level, `${Math.round(Number(level) * 100)} %`] as const),
        ]}
      />
    </div>
  );
}
