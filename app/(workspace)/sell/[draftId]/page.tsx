import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound } from "next/navigation";
import { CardSection } from "@/components/selling/card-section";
import { ContactSection } from "@/components/selling/contact-section";
import { DiscardDraft } from "@/components/selling/discard-draft";
import { DraftBar } from "@/components/selling/draft-bar";
import { DraftEditor } from "@/components/selling/draft-editor";
import { EvaluationSection } from "@/components/selling/evaluation-section";
import { FilesSection } from "@/components/selling/files-section";
import { ImportsSection } from "@/components/selling/imports-section";
import { LeftToDo } from "@/components/selling/left-to-do";
import { LimitationsSection } from "@/components/selling/limitations-section";
import { NicheSection } from "@/components/selling/niche-section";
import { RunSection } from "@/components/selling/run-section";
import { PeopleSection } from "@/components/selling/people-section";
import { TermsSection } from "@/components/selling/terms-section";
import { ImportReport, RowsReport } from "@/components/selling/import-report";
import { JudgePredictions } from "@/components/selling/judge-predictions";
import { OwnEvaluation } from "@/components/selling/own-evaluation";
import { Page } from "@/components/layout/page";
import { requireActor } from "@/lib/accounts/session/session";
import { findDraftRun } from "@/lib/selling/queries/draft-run";
import { type DraftView, findDraft } from "@/lib/selling/queries/drafts";
import { draftFigures } from "@/lib/selling/draft-figures";
import { type UploadNote, readUploadNote, uploadNoteCookie } from "@/lib/selling/upload-note";
import { redrawVerdicts } from "@/lib/measurement/evaluation";
import { type DraftImportView, listDraftImports } from "@/lib/selling/queries/draft-imports";
import { type OwnEvaluationView, listDraftEvaluations } from "@/lib/selling/queries/own-evaluations";
import { currentTime } from "@/lib/platform/clock";
import { env } from "@/lib/platform/env";

export const metadata: Metadata = { title: "Draft" };

const steps = [
  ["card", "Model card"],
  ["imports", "From other tools"],
  ["files", "Files or endpoint"],
  ["run", "How it runs"],
  ["evaluation", "Evaluation"],
  ["niche", "Name and niche"],
  ["limitations", "Known limitations"],
  ["terms", "Price and parts"],
  ["people", "Data, people, history"],
  ["contact-section", "Contact"],
] as const;

export default async function DraftPage({ params }: PageProps<"/sell/[draftId]">) {
  const { draftId } = await params;
  const actor = await requireActor(`/sell/${draftId}`);
  const draft = await findDraft(actor, draftId);
  if (!draft) notFound();
  const { fields, files, card, problems } = draft;
  const note = readUploadNote((await cookies()).get(uploadNoteCookie)?.value);
  const [run, evaluations, imports, now] = await Promise.all([
    findDraftRun(actor, draftId),
    listDraftEvaluations(actor, draftId),
    listDraftImports(actor, draftId),
    currentTime(),
  ]);
  return (
    <Page
      eyebrow={
        <a href="/sell" className="link">
          Sell
        </a>
      }
      title={draft.revises ? `Revise ${draft.revises.title}` : draft.listing.title}
      lead="Only a card, file or endpoint, a niche, a price and a contact are needed. The rest reads “not stated” until you say it."
      actions={<DiscardDraft draftId={draft.id} />}
    >
      <DraftEditor key={draft.id} draftId={draft.id} revision={draft.revision} fillings={fields.fillings}>
        <div className="grid gap-x-10 lg:grid-cols-[13rem_minmax(0,1fr)]">
          <Steps problems={problems} />
          <div className="min-w-0">
            <noscript>
              <p className="mb-4 rounded-md bg-ochre-soft px-3 py-2 text-ochre">
                Without JavaScript nothing saves by itself: press Save before you upload files or leave.
              </p>
            </noscript>
            <CardSection card={card} notMapped={draft.notMapped} />
            <Imports draft={draft} imports={imports} note={note} now={now} />
            <FilesSection
              draftId={draft.id}
              files={files}
              endpointUrl={fields.endpointUrl}
              note={note?.place === "files" ? note : null}
              maxBytes={env().UPLOAD_MAX_BYTES}
            />
            <RunSection draftId={draft.id} run={run} />
            <Evaluations draft={draft} evaluations={evaluations} imports={imports} note={note} />
            <NicheSection fields={fields} draftedTitle={draft.listing.title} />
            <LimitationsSection
              fields={fields}
              cardLimits={draft.cardLimits || null}
              figures={draftFigures(
                fields,
                evaluations.map(({ summary }) => summary),
              )}
            />
            <TermsSection fields={fields} currency={draft.currency} />
            <PeopleSection fields={fields} />
            <ContactSection fields={fields} />
            <section id="publish" aria-labelledby="publish-title" className="border-t border-line py-7">
              <h2 id="publish-title" className="pb-2">
                Before it is published
              </h2>
              <LeftToDo problems={problems} />
            </section>
          </div>
        </div>
        <DraftBar left={problems.length} isRevision={draft.revises !== null} />
      </DraftEditor>
    </Page>
  );
}

type Read = { draft: DraftView; imports: readonly DraftImportView[]; note: UploadNote | null };

function Imports({ draft, imports, note, now }: Read & { now: Date }) {
  return (
    <ImportsSection
      draftId={draft.id}
      declaredLevel={draft.fields.declaredLevel}
      note={note?.place === "imports" ? note : null}
    >
      {imports
        .filter(({ format }) => format !== "evaluation-file")
        .map((read) => (
          <ImportReport key={read.id} read={read} now={now} />
        ))}
    </ImportsSection>
  );
}

function Evaluations({
  draft: { id, fields },
  evaluations,
  imports,
  note,
}: Read & { evaluations: readonly OwnEvaluationView[] }) {
  return (
    <EvaluationSection
      draftId={id}
      declaredLevel={fields.declaredLevel}
      note={note?.place === "evaluation" ? note : null}
      hasNiche={nicheShown(evaluations, fields.declaredLevel)}
      sellsNiche={fields.scope === "niche"}
    >
      {evaluations.map((evaluation) => (
        <OwnEvaluation key={evaluation.id} evaluation={evaluation}>
          {imports
            .filter(({ evaluationId }) => evaluationId === evaluation.id)
            .map((read) => (
              <div key={read.id} className="grid gap-2">
                {read.format === "evaluation-file" && <RowsReport read={read} />}
                <JudgePredictions read={read} />
              </div>
            ))}
        </OwnEvaluation>
      ))}
    </EvaluationSection>
  );
}

function Steps({ problems }: { problems: DraftView["problems"] }) {
  return (
    <aside className="hidden lg:block">
      <nav aria-label="Steps" className="sticky top-6 grid gap-1 border-t border-line pt-7 text-sm">
        {steps.map(([id, label]) => (
          <a key={id} href={`#${id}`} className="inline-flex min-h-7 items-center text-ink-2 hover:text-ink">
            {label}
          </a>
        ))}
        <div className="mt-4 border-t border-line pt-4">
          <LeftToDo problems={problems} />
        </div>
      </nav>
    </aside>
  );
}

/** Null where nothing has been counted; judged at the level declared now, whichever it was counted at. */
function nicheShown(evaluations: readonly OwnEvaluationView[], declaredLevel: string): boolean | null {
  if (evaluations.length === 0) return null;
  const level = Number(declaredLevel);
  return evaluations.some(({ summary }) => (level > 0 ? redrawVerdicts(summary, level) : summary).hasNiche);
}
