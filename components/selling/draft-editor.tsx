"use client";

import {
  type FormEvent,
  type ReactNode,
  createContext,
  startTransition,
  useActionState,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useRouter } from "next/navigation";
import type { ActionState } from "@/lib/accounts/action-state";
import { workOnDraft } from "@/lib/selling/actions/drafts";
import { RequestKey, useRequestKeys } from "@/components/forms/request-key";
import { type DraftSaver, type SaveStatus, createDraftSaver } from "./draft-saver";

export const DRAFT_FORM = "draft";

type Editor = {
  answer: ActionState | null;
  status: SaveStatus;
  isBusy: boolean;
  uploading: number;
  countUploading: (by: 1 | -1) => void;
};

const EditorContext = createContext<Editor>({
  answer: null,
  status: { kind: "clean", savedAt: null },
  isBusy: false,
  uploading: 0,
  countUploading: () => undefined,
});

/** The state of the draft form, for its fields, its bar and its buttons. */
export function useEditor(): Editor {
  return useContext(EditorContext);
}

type Props = {
  draftId: string;
  revision: number;
  /** How often the platform has filled fields in. */
  fillings: number;
  children: ReactNode;
};

/**
 * The form of a draft. Its inputs stand anywhere inside by `form="draft"`, so that files and evaluations can have
 * forms of their own between them. With JavaScript every pause in typing saves; without it the Save button does.
 */
export function DraftEditor({ draftId, revision, fillings, children }: Props) {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const keyOf = useRequestKeys();
  const [saver] = useState(() => createDraftSaver(draftId, { revision, fillings, keyOf }));
  const state = useSyncExternalStore(saver.subscribe, saver.state, saver.state);
  const [posted, post, isBusy] = useActionState(workOnDraft, null, `/sell/${draftId}`);
  const { status, uploading, drawing } = state;
  const answer = state.answer === undefined ? posted : state.answer;

  useEffect(() => saver.attach(form.current), [saver]);
  useEffect(() => {
    if (saver.sawPage(revision, fillings)) router.refresh();
  }, [saver, revision, fillings, status, router]);
  useEffect(() => saver.answered(posted), [saver, posted]);

  return (
    <EditorContext value={{ answer, status, isBusy, uploading, countUploading: saver.countUploading }}>
      <div
        onInput={(event) => {
          const control = event.target as HTMLInputElement;
          if (control.form === form.current && control.type !== "file") saver.touch(control.name);
        }}
        onSubmitCapture={(event) => {
          if (isHeldBack(saver, event, form.current)) {
            void goOnOnceSaved(saver, event, form.current, (data) => startTransition(() => post(data)));
          }
        }}
      >
        <form ref={form} id={DRAFT_FORM} action={post}>
          <RequestKey answer={posted} />
          <input type="hidden" name="draftId" value={draftId} />
          <input type="hidden" name="revision" defaultValue={revision} key={revision} />
          {/* Enter in a field saves and does nothing else. */}
          <button type="submit" name="intent" value="save" className="sr-only" tabIndex={-1}>
            Save the draft
          </button>
        </form>
        <div key={drawing}>{children}</div>
      </div>
    </EditorContext>
  );
}

/** Every form on the page waits until what was typed is saved; only then does it go its own way. */
function isHeldBack(
  saver: DraftSaver,
  event: FormEvent<HTMLElement>,
  draftForm: HTMLFormElement | null,
): boolean {
  if (event.target !== draftForm && !saver.needsSave()) return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

async function goOnOnceSaved(
  saver: DraftSaver,
  event: FormEvent<HTMLElement>,
  draftForm: HTMLFormElement | null,
  post: (data: FormData) => void,
): Promise<void> {
  const target = event.target as HTMLFormElement;
  const submitter = (event.nativeEvent as SubmitEvent).submitter;
  const intent = submitter?.getAttribute("value");
  const isChoice = target === draftForm && (intent === "copy" || intent === "overwrite");
  if (isChoice) saver.settle();
  else if (!(await saver.save())) return;
  if (target === draftForm) post(saver.formData(submitter));
  else target.requestSubmit(submitter);
}
