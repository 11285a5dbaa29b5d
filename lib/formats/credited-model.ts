import { type Cursor, excerptOf } from "@/lib/shared/cursor";
import type { ForeignDraft } from "./foreign-draft";
import { addCondition } from "./import-parts";

/** Arguments that name weights laid over the model that was loaded, by the programs that know them. */
const ADAPTER =
  /^(peft|delta|adapter|lora|adapter_model|(peft|delta|adapter|lora)_(name|path|local_path|id|model|name_or_path))$/i;
const ADAPTER_REVISION = /^(peft|delta|adapter|lora)_(revision|sha)$/i;
const MAX_ARGUMENTS = 60;

/** What a run says of the model that it loaded. */
export type RunModel = {
  /** The model as it was named; an adapter is found among the arguments. */
  name: string | null;
  revision: string | null;
  args: readonly (readonly [string, string])[];
};

/**
 * Credits the figures of a run to what was run: an adapter where there is one, with the model below it as its base.
 * Every argument is kept among the circumstances, since a quantisation or another revision is another model.
 */
export function creditModel(draft: ForeignDraft, { name, revision, args }: RunModel): void {
  const adapter = args.find(([key, value]) => ADAPTER.test(key) && !/^(true|false|none|)$/i.test(value))?.[1];
  const ofAdapter = args.find(([key]) => ADAPTER_REVISION.test(key))?.[1] ?? null;
  const stated = args.find(([key]) => key === "revision")?.[1] ?? null;
  draft.model.id = adapter ?? name;
  draft.model.name = draft.model.id?.split("/").at(-1) ?? null;
  draft.model.revision = adapter === undefined ? (revision ?? stated) : (ofAdapter ?? stated);
  if (adapter !== undefined && name !== null) {
    draft.listing.baseModels = name;
    addCondition(draft, "base model", name);
    addCondition(draft, "base model revision", revision);
  }
  for (const [key, value] of args.slice(0, MAX_ARGUMENTS))
    addCondition(draft, `model argument: ${key}`, value);
}

/** Arguments given as an object, or as `key=value,key=value`; each is a text. */
export function modelArguments(args: Cursor): [string, string][] {
  const entries = args.entries();
  if (entries.length > 0) {
    return entries.map(([key, value]) => [key.slice(0, 100), excerptOf(value.take(), 500)]);
  }
  const text = args.text(4_000) ?? "";
  return text.split(",").flatMap((part): [string, string][] => {
    const [key, ...value] = part.split("=");
    return key?.trim() && value.length > 0 ? [[key.trim().slice(0, 100), value.join("=").trim()]] : [];
  });
}
