/** Why what was signed makes no sense, whoever signed it. Each means one thing only. */
export type SenseFault =
  | "name_repeated"
  | "name_case"
  | "text_hidden"
  | "decimal_form"
  | "date_form"
  | "date_order"
  | "date_ahead"
  | "count_exceeds"
  | "total_differs"
  | "share_differs"
  | "interval_differs"
  | "base_rate_differs"
  | "method_differs"
  | "level_range"
  | "grade_differs"
  | "p_value_differs"
  | "verdict_differs"
  | "needed_rows_differ"
  | "clusters_differ"
  | "condition_differs"
  | "niche_differs"
  | "result_differs"
  | "relation_differs"
  | "slice_repeated"
  | "key_differs"
  | "subject_differs";

/** Each in a sentence. */
export const senseMessages: Record<SenseFault, string> = {
  name_repeated: "A name stands twice in one object of the statement, so two readers would read two things.",
  name_case: "Two names in one object of the statement differ only in case.",
  text_hidden:
    "The statement holds characters that cannot be seen or that turn the direction of the text around.",
  decimal_form:
    "A number of the statement is not in its one form: plain decimals, without sign, exponent or needless zeros.",
  date_form: "A date of the statement is not in its one form, such as 2026-11-30T12:00:00.000Z.",
  date_order: "The statement lets something end before it begins.",
  date_ahead: "The statement names a time as past that lies after the log's own.",
  count_exceeds: "The statement counts more of something than there are.",
  total_differs: "Two numbers of the statement that count the same differ.",
  share_differs: "A share of the statement does not follow from its counts.",
  interval_differs: "An interval of the statement does not follow from its counts.",
  base_rate_differs: "A base rate of the statement cannot come from the rows that it names.",
  method_differs: "The statement names another rule than the one its verdicts are drawn by.",
  level_range: "The statement judges at a level that is not offered.",
  grade_differs: "The grade of the statement does not follow from who ran it and what ties it to the files.",
  p_value_differs: "A p-value of the statement does not follow from its counts and its level.",
  verdict_differs: "A verdict of the statement does not follow from its p-values.",
  needed_rows_differ: "How many rows would be needed does not follow from what the statement counts.",
  clusters_differ: "The clusters of the statement do not come to the rows that it counts.",
  condition_differs: "A slice of the statement is called otherwise than its condition.",
  niche_differs: "Whether it shows a niche does not follow from what the statement counts.",
  result_differs: "A result of the statement is not the figure that it counts.",
  relation_differs: "The statement calls its evaluator two different things.",
  slice_repeated: "Two slices of the statement have the same id.",
  key_differs: "The key in the statement is not the one that it names.",
  subject_differs: "The statement is about something else than what it says.",
};

export function isSenseFault(code: string): code is SenseFault {
  return Object.hasOwn(senseMessages, code);
}
