export type Role = "label" | "prediction" | "confidence" | "cluster" | "id";

const ANSWERS = ["label", "prediction"] as const;
type Answer = (typeof ANSWERS)[number];

/** Names under which other programs write the true answer, and the model's. */
const OTHER_NAMES: Record<Answer, string> = {
  label:
    "y_true true_label label_true true_class actual actual_label target targets gold gold_label gold_standard " +
    "ground_truth groundtruth reference expected expected_label correct_label labels",
  prediction:
    "y_pred yhat y_hat pred preds predicted predicted_label label_pred pred_label predicted_class predictions " +
    "output outputs model_output response hypothesis",
};
/** Names under which a row is known; a row that bears one again is the same row. */
const ID_NAMES = withJoined("id uid uuid guid row_id sample_id example_id item_id instance_id");
/** Names of what a row was made of; rows that bear one again are not independent. */
const SOURCE_NAMES = withJoined("doc_id document_id question_id");

const ROLE_OF = new Map<string, Role>([
  ...Object.entries(OTHER_NAMES).flatMap(([role, names]) =>
    names.split(" ").map((name) => [name, role as Role] as const),
  ),
  ...ID_NAMES.map((name) => [name, "id"] as const),
  ...(["label", "prediction", "confidence", "cluster"] as const).map((role) => [role, role] as const),
]);

/**
 * What each column of an evaluation file is. Our own names always count; `y_true`, `gold` or `output` are taken where
 * they leave no choice. A file whose label or prediction could be one of several columns is refused with the choice.
 */
export class ColumnRoles {
  readonly roles: (Role | null)[] = [];
  private readonly names: string[] = [];
  private readonly rivals = new Map<Answer, string[]>();

  /** Columns that appeared together: those of a header, or the new ones of a line. */
  add(names: readonly string[]): void {
    const from = this.names.length;
    this.names.push(...names);
    this.roles.push(...names.map(() => null));
    for (const role of ["confidence", "cluster", "id"] as const) this.takeFirst(role, from);
    const isOurs = ANSWERS.every((role) => this.placeOf(role) >= 0);
    for (const role of ["label", "prediction"] as const) this.takeAnswer(role, from, isOurs);
  }

  /** The column of this role, as the file calls it. */
  nameOf(role: Role): string | null {
    return this.names[this.roles.indexOf(role)] ?? null;
  }

  problems(): { column: string; message: string }[] {
    return ANSWERS.flatMap((role) => {
      const rivals = this.rivals.get(role);
      if (rivals) {
        const message = `The ${role} could be in ${listed(rivals, "or")}: call the right one "${role}" and leave the other out.`;
        return [{ column: role, message }];
      }
      if (this.roles.includes(role)) return [];
      const others = this.names.filter((name, place) => name !== "" && this.roles[place] === null);
      const choice =
        others.length === 0 ? "" : ` Call the one that holds it so: it has ${listed(others, "and")}.`;
      return [{ column: role, message: `The column "${role}" is missing.${choice}` }];
    });
  }

  /** Says which columns were taken under a name that is not ours. */
  notices(): string[] {
    return ANSWERS.flatMap((role) => {
      const name = this.nameOf(role) ?? role;
      return plain(name) === role ? [] : [`The ${role} was taken from the column "${name}".`];
    });
  }

  private takeFirst(role: Role, from: number): void {
    if (this.roles.includes(role)) return;
    const place = this.names.findIndex((name, at) => at >= from && roleNamed(name) === role);
    if (place >= 0) this.roles[place] = role;
  }

  private takeAnswer(role: Answer, from: number, isOurs: boolean): void {
    const own = this.placeOf(role);
    if (isOurs) return this.take(role, own);
    const places = this.names.flatMap((name, at) =>
      roleNamed(name) === role && (at >= from || this.roles[at] === role) ? [at] : [],
    );
    if (places.length > 1)
      this.rivals.set(
        role,
        places.map((at) => this.names[at] ?? ""),
      );
    this.take(role, places[0] ?? -1);
  }

  private take(role: Answer, place: number): void {
    if (!this.roles.includes(role) && place >= 0) this.roles[place] = role;
  }

  private placeOf(role: Answer): number {
    return this.names.findIndex((name) => plain(name) === role);
  }
}

/** Whether a column names its rows, or what they were made of. */
export function isIdName(name: string): boolean {
  return roleNamed(name) === "id" || SOURCE_NAMES.includes(plain(name));
}

function withJoined(names: string): string[] {
  return names.split(" ").flatMap((name) => [name, name.replace("_", "")]);
}

/** What a column of this name could be; null for one that is none of them under any name known here. */
export function roleNamed(name: string): Role | null {
  return ROLE_OF.get(plain(name)) ?? null;
}

function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s.-]+/g, "_");
}

const MAX_LISTED = 10;

function listed(names: readonly string[], joint: "and" | "or"): string {
  const quoted = names.slice(0, MAX_LISTED).map((name) => `"${name.slice(0, 40)}"`);
  if (names.length > MAX_LISTED) return `${quoted.join(", ")} ${joint} ${names.length - MAX_LISTED} more`;
  const last = quoted.pop() ?? "";
  return quoted.length === 0 ? last : `${quoted.join(", ")} ${joint} ${last}`;
}
