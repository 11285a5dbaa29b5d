import { SelectField, TextField } from "@/components/ui/field";

const hint = {
  thresholds: "Columns of numbers and where to cut them, with commas between: characters ≥ 80, words < 25.",
  found: "It is signed as your word. What was chosen by looking is marked until other rows confirm it.",
};

/** How the columns of a file make slices: where numbers are cut, and what its maker says of how they were chosen. */
export function SliceFields() {
  return (
    <>
      <TextField name="thresholds" label="Cuts" isOptional hint={hint.thresholds} />
      <SelectField
        name="found"
        label="How the slices were chosen"
        defaultValue="not_said"
        hint={hint.found}
        options={[
          ["not_said", "I do not say"],
          ["known_before", "They were known before anybody looked at these rows"],
          ["looked", "By looking at these rows"],
        ]}
      />
    </>
  );
}
