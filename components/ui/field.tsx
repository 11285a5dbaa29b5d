import type { ComponentProps, ReactNode } from "react";

export const controlClass =
  "w-full min-h-10 rounded-md border border-edge bg-surface px-3 py-2 text-ink placeholder:text-ink-3 aria-invalid:border-red";

/**
 * A button in a row of fields that begin at one line: it stands beside their controls, below the height of a label, so
 * that an error under one of them moves nothing.
 */
export const besideControls = "sm:mt-[1.875rem]";

export type FieldProps = {
  /** The control's name; its id and the ids of hint and error follow from it. */
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  isOptional?: boolean;
  id?: string;
};

/** What stands around a control: its label, hint and error. */
export function FieldFrame({ name, id = name, children, ...field }: FieldProps & { children: ReactNode }) {
  const { label, hint, error, isOptional } = field;
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
        {isOptional && <span className="font-normal text-ink-3"> (optional)</span>}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-ink-3">
          {hint}
        </p>
      )}
      {children}
      {error && (
        <p id={`${id}-error`} className="text-sm text-red">
          {error}
        </p>
      )}
    </div>
  );
}

/** What ties a control to its hint and error. */
export function described({ name, id = name, hint, error }: FieldProps) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return { id, name, "aria-describedby": ids || undefined, "aria-invalid": error ? true : undefined };
}

type Without<T> = Omit<T, keyof FieldProps>;

export function TextField(props: FieldProps & Without<ComponentProps<"input">>) {
  const { label, hint, error, isOptional, id, className = "", ...control } = props;
  return (
    <FieldFrame {...{ name: props.name, id, label, hint, error, isOptional }}>
      <input {...control} {...described(props)} className={`${controlClass} ${className}`} />
    </FieldFrame>
  );
}

export function TextArea(props: FieldProps & Without<ComponentProps<"textarea">>) {
  const { label, hint, error, isOptional, id, className = "", ...control } = props;
  return (
    <FieldFrame {...{ name: props.name, id, label, hint, error, isOptional }}>
      <textarea rows={4} {...control} {...described(props)} className={`${controlClass} ${className}`} />
    </FieldFrame>
  );
}

type Options = { options?: readonly (readonly [value: string, label: string])[] };

export function SelectField(props: FieldProps & Without<ComponentProps<"select">> & Options) {
  const { label, hint, error, isOptional, id, className = "", children, options = [], ...control } = props;
  return (
    <FieldFrame {...{ name: props.name, id, label, hint, error, isOptional }}>
      <select {...control} {...described(props)} className={`${controlClass} ${className}`}>
        {children}
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

/** One yes-or-no or one choice, with its label as a target of full height. */
export function Choice({
  label,
  type = "checkbox",
  ...props
}: ComponentProps<"input"> & { label: ReactNode; type?: "checkbox" | "radio" }) {
  return (
    <label className="flex min-h-7 items-center gap-2.5">
      <input type={type} {...props} />
      <span>{label}</span>
    </label>
  );
}
