import { SelectField } from "@/components/ui/field";
import { declaredLevels } from "@/lib/catalogue/niche";

/** At which level rows are judged: best the one declared for the niche. */
export function LevelField({
  id,
  label,
  declaredLevel,
}: {
  id: string;
  label: string;
  declaredLevel: string;
}) {
  return (
    <SelectField
      name="declaredLevel"
      id={id}
      label={label}
      defaultValue={declaredLevel || "0.90"}
      hint="Best the level you declare for the niche."
    >
      {declaredLevels.map((level) => (
        <option key={level} value={level}>
          {Math.round(Number(level) * 100)} %
        </option>
      ))}
    </SelectField>
  );
}
