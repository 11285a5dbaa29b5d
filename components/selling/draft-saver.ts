import type { ActionState } from "@/lib/accounts/action-state";
import { workOnDraft } from "@/lib/selling/actions/drafts";
import { forgetUnsaved, keepUnsaved, restoreUnsaved } from "./unsaved-words";

const SAVE_AFTER_MS = 1200;
const RETRY_AFTER_MS = 5000;

export type SaveStatus =
  | { kind: "clean"; savedAt: number | null }
  | { kind: "dirty" }
  | { kind: "saving" }
  | { kind: "offline" }
  | { kind: "refused" };

export type SaverState = {
  status: SaveStatus;
  /** The last word of the server; null once a later save went well, undefined while it has said nothing here. */
  answer: ActionState | null | undefined;
  /** Raised whenever the fields are to be drawn anew: the platform filled something in. */
  drawing: number;
  /** Files still on their way: a draft published now would miss them. */
  uploading: number;
};

/** What the page showed, and where the keys of its requests come from. */
type Drawn = { revision: number; fillings: number; keyOf: (count: number) => string };

type Saver = {
  draftId: string;
  keyOf: Drawn["keyOf"];
  /** Saves begun: each is a request of its own. */
  sent: number;
  /** The revision that the words in the form started from. */
  known: number;
  /** How often the platform had filled fields in when these were drawn, and by the server's last word. */
  drawnFillings: number;
  knownFillings: number;
  /** Names of the controls typed in since then. */
  touched: Set<string>;
  isDirty: boolean;
  saving: Promise<boolean> | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  form: HTMLFormElement | null;
  state: SaverState;
  listeners: Set<() => void>;
};

export type DraftSaver = ReturnType<typeof createDraftSaver>;

/**
 * Saves a draft form whenever typing pauses, one save at a time, and keeps every word in this browser until the server
 * has it. A save that finds the draft changed elsewhere is refused and stays refused until the person chooses.
 */
export function createDraftSaver(draftId: string, { revision, fillings, keyOf }: Drawn) {
  const self: Saver = {
    draftId,
    keyOf,
    sent: 0,
    known: revision,
    drawnFillings: fillings,
    knownFillings: fillings,
    touched: new Set(),
    isDirty: false,
    saving: null,
    timer: undefined,
    form: null,
    state: {
      status: { kind: "clean", savedAt: null },
      answer: undefined,
      drawing: 0,
      uploading: 0,
    },
    listeners: new Set(),
  };
  return {
    state: () => self.state,
    subscribe(listener: () => void) {
      self.listeners.add(listener);
      return () => self.listeners.delete(listener);
    },
    attach: (form: HTMLFormElement | null) => attach(self, form),
    touch: (name: string) => touch(self, [name]),
    save: () => save(self),
    formData: (submitter?: HTMLElement | null) => formData(self, submitter),
    needsSave: () => self.isDirty || self.saving !== null,
    /** The person chose what becomes of words that were refused. */
    settle() {
      self.isDirty = false;
    },
    /**
     * A page came from the server. What the platform filled in is drawn, unless words here are not saved yet. True
     * when that page is older than what was saved, so that a newer one is needed.
     */
    sawPage(next: number, fillings: number): boolean {
      if (self.isDirty || self.state.status.kind === "saving") return false;
      if (next < self.known) return self.knownFillings > self.drawnFillings;
      if (next > self.known || fillings > self.drawnFillings) draw(self, next, fillings);
      return false;
    },
    answered: (answer: ActionState | null) => answered(self, answer),
    countUploading: (by: 1 | -1) => change(self, { uploading: self.state.uploading + by }),
  };
}

function change(self: Saver, changes: Partial<SaverState>): void {
  self.state = { ...self.state, ...changes };
  for (const listener of self.listeners) listener();
}

function draw(self: Saver, revision: number, fillings: number): void {
  self.known = revision;
  self.drawnFillings = self.knownFillings = fillings;
  self.touched.clear();
  change(self, { drawing: self.state.drawing + 1 });
}

function formData(self: Saver, submitter?: HTMLElement | null): FormData {
  const data = new FormData(self.form ?? undefined, submitter);
  data.set("revision", String(self.known));
  data.set("drawn", String(self.drawnFillings));
  data.set("touched", [...self.touched].join("\n"));
  return data;
}

/** Takes the form over; the answer lets it go. */
function attach(self: Saver, form: HTMLFormElement | null): () => void {
  self.form = form;
  const restored = form ? restoreUnsaved(self.draftId, self.known, form) : [];
  if (restored.length > 0) touch(self, restored);
  const warn = (event: BeforeUnloadEvent) => {
    if (self.isDirty) event.preventDefault();
  };
  const retry = () => void save(self);
  window.addEventListener("beforeunload", warn);
  window.addEventListener("online", retry);
  return () => {
    clearTimeout(self.timer);
    window.removeEventListener("beforeunload", warn);
    window.removeEventListener("online", retry);
  };
}

function touch(self: Saver, names: readonly string[]): void {
  for (const name of names) self.touched.add(name);
  self.isDirty = true;
  if (self.state.status.kind !== "saving") change(self, { status: { kind: "dirty" } });
  keepUnsaved(self.draftId, self.known, formData(self));
  saveSoon(self, SAVE_AFTER_MS);
}

function saveSoon(self: Saver, milliseconds: number): void {
  clearTimeout(self.timer);
  self.timer = setTimeout(() => void save(self), milliseconds);
}

/** True once everything typed is saved. */
async function save(self: Saver): Promise<boolean> {
  clearTimeout(self.timer);
  while (self.saving) await self.saving;
  if (!self.isDirty || !self.form) return !self.isDirty;
  self.isDirty = false;
  change(self, { status: { kind: "saving" } });
  const data = formData(self);
  data.set("intent", "save");
  data.set("requestKey", self.keyOf(self.sent++));
  data.delete("cardFile");
  self.saving = send(self, data);
  const isSaved = await self.saving;
  self.saving = null;
  return isSaved;
}

async function send(self: Saver, data: FormData): Promise<boolean> {
  try {
    const answer = await workOnDraft(null, data);
    if (answer.ok) {
      self.known = Number(answer.values?.revision ?? self.known);
      self.knownFillings = Number(answer.values?.fillings ?? self.knownFillings);
      forgetUnsaved(self.draftId);
      const status: SaveStatus = self.isDirty ? { kind: "dirty" } : { kind: "clean", savedAt: Date.now() };
      change(self, { answer: null, status });
      return true;
    }
    self.isDirty = true;
    change(self, { answer, status: { kind: "refused" } });
  } catch {
    self.isDirty = true;
    change(self, { status: { kind: "offline" } });
    saveSoon(self, RETRY_AFTER_MS);
  }
  return false;
}

/** A step the person asked for was answered. Drawing what was just typed would lose the reader's place. */
function answered(self: Saver, answer: ActionState | null): void {
  if (!answer) return;
  if (!answer.ok || !answer.values?.revision) return change(self, { answer });
  const next = Number(answer.values.revision);
  const fillings = Number(answer.values.fillings ?? self.knownFillings);
  self.isDirty = false;
  forgetUnsaved(self.draftId);
  if (next > self.known || fillings > self.drawnFillings) draw(self, next, fillings);
  self.known = next;
  change(self, { answer, status: { kind: "clean", savedAt: Date.now() } });
}
