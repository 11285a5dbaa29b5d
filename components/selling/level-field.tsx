import { SelectField } from "@/components/ui/field";
import { declaredLevels } from "@/lib/catalogue/niche";

type Props = { id: string; label: string; declaredLevel: string };

/** At which level rows are judged: best the one declared for the niche. */
export function LevelField({ id, label, declaredLevel }: Props) {
  return (
    <SelectField
      name="declaredLevel"
      id={id}
      label={label}
      defaultValue={declaredLevel || "0.90"}
      hint="Best the level you declare for the niche."
      options={declaredLevels.map((level) => [level, `${Math.round(Number(level) * 100)} %`])}
    />
  );
}
