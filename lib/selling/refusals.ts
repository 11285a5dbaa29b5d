/** Why selling refuses; each code means one thing. */
export type SellingRefusal =
  | "answers_differ"
  | "card_empty"
  | "card_not_text"
  | "card_too_long"
  | "draft_changed_elsewhere"
  | "draft_discarded"
  | "draft_incomplete"
  | "evaluation_file_refused"
  | "evaluation_signed"
  | "field_too_long"
  | "file_name"
  | "import_refused"
  | "import_repeated"
  | "name_taken"
  | "no_niche"
  | "not_runnable"
  | "nothing_sent"
  | "other_machine"
  | "run_not_done"
  | "run_too_far"
  | "too_many_drafts"
  | "unknown_classes"
  | "upload_interrupted"
  | "upload_malformed";

declare module "@/lib/shared/domain-error" {
  interface RefusalCodes {
    selling: SellingRefusal;
  }
}
