import { controlClass } from "@/components/ui/field";
import type { ReadVolume } from "@/lib/measurement/volume";

/** The reader's own volume as it was typed, with what cannot be read of it. */
export function VolumeFields({ typed, errors }: Pick<ReadVolume, "typed" | "errors">) {
  return (
    <>
      <VolumeField name="calls" label="Calls a month" value={typed.calls} error={errors.calls} />
      <VolumeField name="months" label="Months" value={typed.months} error={errors.months} />
    </>
  );
}

type VolumeFieldProps = { name: string; label: string; value: string; error: string | undefined };

function VolumeField({ name, label, value, error }: VolumeFieldProps) {
  return (
    <label className="grid min-w-0 gap-1.5">
      {label}
      <input
        name={name}
        defaultValue={value}
        inputMode="numeric"
        maxLength={40}
        aria-invalid={error ? true : undefined}
        aria-describedby={error && `${name}-error`}
        className={controlClass}
      />
      {error && (
        <span id={`${name}-error`} className="text-red">
          {error} Worked out with the usual number.
        </span>
      )}
    </label>
  );
}
