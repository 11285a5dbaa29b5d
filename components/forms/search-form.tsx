import type { ComponentProps, ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";

type Props = ComponentProps<typeof TextField> & {
  action?: string;
  formClass?: string;
  fieldClass?: string;
  /** What the button says. */
  button?: string;
  children?: ReactNode;
};

/** A search by one field, over the page that it stands on. */
export function SearchForm({ action, formClass = "", fieldClass = "basis-64", ...props }: Props) {
  const { button = "Search", children, ...field } = props;
  return (
    <form action={action} className={`flex flex-wrap items-end gap-3 ${formClass}`} role="search">
      <div className={`min-w-0 flex-1 ${fieldClass}`}>
        <TextField type="search" {...field} />
      </div>
      <Button type="submit">{button}</Button>
      {children}
    </form>
  );
}
