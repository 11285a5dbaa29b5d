"use client";

import { unstable_rethrow } from "next/navigation";
import {
  type ReactNode,
  type SubmitEvent,
  createContext,
  startTransition,
  useActionState,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from "react";
import type { ActionState } from "@/lib/accounts/action-state";
import { workOnDraft } from "@/lib/evidence/actions/selling";
import { forgetUnsaved, keepUnsaved, restoreUnsaved } from "./unsaved-words";

export const DRAFT_FORM = "draft";
const SAVE_AFTER_MS = 1200;
const RETRY_AFTER_MS = 5000;

export type SaveStatus =
  | { kind: "clean"; savedAt: number | null }
  | { kind: "dirty" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "refused"; message: string };

type Editor = {
  answer: ActionState | null;
  status: SaveStatus;
  isHydrated: boolean;
  isBusy: boolean;
  /** Files still on their way: a draft published now would miss them. */
  uploading: number;
  countUploading: (change: 1 | -1) => void;
};

const EditorContext = createContext<Editor>({
  answer: null,
  status: { kind: "clean", savedAt: null },
  isHydrated: false,
  isBusy: false,
  uploading: 0,
  countUploading: () => undefined,
});

/** The state of the draft form, for its fields, its bar and its buttons. */
export function useEditor(): Editor {
  return useContext(EditorContext);
}

type Props = { draftId: string; revision: number; children: ReactNode };

/**
 * The form of a draft. Its inputs stand anywhere inside by `form="draft"`, so that files and evaluations can have
 * forms of their own between them. With JavaScript every pause in typing saves; without it the Save button does.
 */
export function DraftEditor({ draftId, revision, children }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const known = useRef(revision);
  const isDirty = useRef(false);
  const saving = useRef<Promise<boolean> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [shown, setShown] = useState(revision);
  const [status, setStatus] = useState<SaveStatus>({ kind: "clean", savedAt: null });
  const [isHydrated, setHydrated] = useState(false);
  const [uploading, setUploading] = useState(0);
  const countUploading = useCallback((change: 1 | -1) => setUploading((count) => count + change), []);
  const [saveAnswer, setSaveAnswer] = useState<ActionState | null>(null);
  const [answer, post, isBusy] = useActionState(workOnDraft, null, `/sell/${draftId}`);

  const fieldsNow = useCallback(
    (submitter?: HTMLElement | null) => {
      const data = new FormData(form.current ?? undefined, submitter);
      data.set("revision", String(known.current));
      return data;
    },
    [form],
  );

  const save = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    while (saving.current) await saving.current;
    if (!isDirty.current || !form.current) return true;
    isDirty.current = false;
    setStatus({ kind: "saving" });
    const data = fieldsNow();
    data.set("intent", "save");
    data.delete("cardFile");
    const attempt = (async () => {
      try {
        const result = await workOnDraft(null, data);
        if (!result.ok) {
          isDirty.current = true;
          setSaveAnswer(result);
          setStatus({ kind: "refused", message: result.message });
          return false;
        }
        known.current = Number(result.values?.revision ?? known.current);
        setSaveAnswer(null);
        forgetUnsaved(draftId);
        setStatus(isDirty.current ? { kind: "dirty" } : { kind: "clean", savedAt: Date.now() });
        return true;
      } catch (error) {
        unstable_rethrow(error);
        isDirty.current = true;
        setStatus({ kind: "offline" });
        timer.current = setTimeout(() => void saveRef.current(), RETRY_AFTER_MS);
        return false;
      }
    })();
    saving.current = attempt;
    const isSaved = await attempt;
    saving.current = null;
    return isSaved;
  }, [draftId, fieldsNow]);
  const saveRef = useRef(save);

  const touch = useCallback(() => {
    isDirty.current = true;
    setStatus((now) => (now.kind === "saving" ? now : { kind: "dirty" }));
    if (form.current) keepUnsaved(draftId, known.current, new FormData(form.current));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void saveRef.current(), SAVE_AFTER_MS);
  }, [draftId]);

  useEffect(() => {
    saveRef.current = save;
  }, [save]);

  useEffect(() => {
    setHydrated(true);
    if (form.current && restoreUnsaved(draftId, known.current, form.current)) touch();
    const warn = (event: BeforeUnloadEvent) => {
      if (isDirty.current) event.preventDefault();
    };
    const online = () => void saveRef.current();
    window.addEventListener("beforeunload", warn);
    window.addEventListener("online", online);
    return () => {
      clearTimeout(timer.current);
      window.removeEventListener("beforeunload", warn);
      window.removeEventListener("online", online);
    };
  }, [draftId, touch]);

  // What the platform filled in (a card, measured limits) is shown, unless words here are not saved yet.
  useEffect(() => {
    if (revision <= known.current || isDirty.current || saving.current) return;
    known.current = revision;
    setShown(revision);
  }, [revision, status]);

  useEffect(() => {
    if (answer?.ok && answer.values?.revision) {
      const next = Number(answer.values.revision);
      // Only what the platform filled in is drawn again: drawing what was just typed would lose the reader's place.
      if (next > known.current) setShown(next);
      known.current = next;
      isDirty.current = false;
      forgetUnsaved(draftId);
      setStatus({ kind: "clean", savedAt: Date.now() });
    }
  }, [answer, draftId]);

  /** Every form on the page waits until what was typed is saved; the draft's own then goes on by itself. */
  async function submitAfterSave(event: SubmitEvent<HTMLElement>) {
    const target = event.target as HTMLFormElement;
    const submitter = event.nativeEvent.submitter;
    const isOwn = target === form.current;
    if (!isOwn && !isDirty.current && !saving.current) return;
    event.preventDefault();
    event.stopPropagation();
    const intent = submitter?.getAttribute("value") ?? "save";
    const isConflictChoice = isOwn && (intent === "copy" || intent === "overwrite");
    if (!isConflictChoice && !(await save())) return;
    if (!isOwn) {
      target.requestSubmit(submitter);
      return;
    }
    if (isConflictChoice) isDirty.current = false;
    const data = fieldsNow(submitter);
    startTransition(() => post(data));
  }

  const shownAnswer = saveAnswer ?? answer;
  return (
    <EditorContext value={{ answer: shownAnswer, status, isHydrated, isBusy, uploading, countUploading }}>
      <div
        onInput={(event) => {
          const control = event.target as HTMLInputElement;
          if (control.form === form.current && control.type !== "file") touch();
        }}
        onSubmitCapture={(event) => void submitAfterSave(event as unknown as SubmitEvent<HTMLElement>)}
      >
        <form ref={form} id={DRAFT_FORM} action={post}>
          <input type="hidden" name="draftId" value={draftId} />
          <input type="hidden" name="revision" defaultValue={revision} key={revision} />
          {/* Enter in a field saves and does nothing else. */}
          <button type="submit" name="intent" value="save" className="sr-only" tabIndex={-1}>
            Save the draft
          </button>
        </form>
        <div key={shown}>{children}</div>
      </div>
    </EditorContext>
  );
}
