import type { DomainError } from "@/lib/shared/domain-error";

/** What a form gets back from its action. */
export type ActionState =
  | {
      ok: true;
      message?: string;
      /** What the page should know next, such as a draft's new revision. Never secrets. */
      values?: Record<string, string>;
    }
  | {
      ok: false;
      code: string;
      message: string;
      /** Field name → what is wrong with it. */
      fields: Record<string, string>;
      /** What the person had written, so that nothing is lost. Never secrets. */
      values: Record<string, string>;
    };

type Issue = { path: PropertyKey[]; message: string };

/** Lists what is wrong field by field and keeps what was written. */
export function invalidInput(issues: readonly Issue[], values: Record<string, string>): ActionState {
  const fields: Record<string, string> = {};
  for (const issue of issues) fields[String(issue.path[0] ?? "form")] ??= issue.message;
  return { ok: false, code: "invalid_input", message: "Some answers need another look.", fields, values };
}

export function refused(error: DomainError, values: Record<string, string>): ActionState {
  return { ok: false, code: error.code, message: error.message, fields: error.fields, values };
}
