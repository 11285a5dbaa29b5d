import type { Metadata } from "next";
import { Page } from "@/components/layout/page";
import { type GlossaryEntry, glossary } from "@/lib/catalogue/glossary";
import {
  type LimitationGroup,
  limitationGroups,
  limitationTypeNames,
  limitationTypes,
} from "@/lib/catalogue/limitation";

export const metadata: Metadata = {
  title: "Glossary",
  description: "Every word Offcut uses for models, evidence, limits and deals, in plain language.",
};

export default function GlossaryPage() {
  const groups = Object.keys(limitationGroups) as LimitationGroup[];
  return (
    <Page width="medium" title="Glossary" lead="The words of this market, and what the figures mean.">
      <nav aria-label="Sections" className="flex flex-wrap gap-x-5 gap-y-1 pb-2 text-sm">
        {glossary.map((section) => (
          <a key={section.id} href={`#${section.id}`} className="link inline-flex min-h-7 items-center">
            {section.title}
          </a>
        ))}
        <a href="#limitation-types" className="link inline-flex min-h-7 items-center">
          Kinds of limit
        </a>
      </nav>
      {glossary.map((section) => (
        <section key={section.id} id={section.id} className="scroll-mt-4 pt-8">
          <h2>{section.title}</h2>
          {section.lead && <p className="max-w-[68ch] pt-1 text-ink-2">{section.lead}</p>}
          <Entries entries={section.entries} />
        </section>
      ))}
      <section id="limitation-types" className="scroll-mt-4 pt-8">
        <h2>Kinds of limit</h2>
        {groups.map((group) => (
          <section key={group} className="pt-4">
            <h3 className="text-ink-2">{limitationGroups[group]}</h3>
            <Entries
              entries={limitationTypeNames
                .filter((type) => limitationTypes[type].group === group)
                .map((type) => ({
                  id: type,
                  term: limitationTypes[type].label,
                  text: limitationTypes[type].meaning,
                }))}
            />
          </section>
        ))}
      </section>
    </Page>
  );
}

function Entries({ entries }: { entries: readonly GlossaryEntry[] }) {
  return (
    <dl className="divide-y divide-line">
      {entries.map(({ id, term, text, source }) => (
        <div
          key={id}
          id={id}
          className="grid scroll-mt-4 gap-x-8 gap-y-1 py-3 target:bg-verdigris-soft sm:grid-cols-[14rem_minmax(0,1fr)]"
        >
          <dt className="font-medium">{term}</dt>
          <dd className="max-w-[68ch] text-ink-2">
            {text}
            {source && (
              <span className="block text-sm text-ink-3">
                Source: <a href={source.href}>{source.label}</a>
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
