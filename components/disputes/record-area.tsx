import type { ComponentProps } from "react";
import { FormArea } from "@/components/forms/form-fields";

/** Words that stay on the record: more than a nod, less than a treatise. */
export function RecordArea(props: ComponentProps<typeof FormArea>) {
  return <FormArea {...props} required minLength={10} maxLength={4000} />;
}
