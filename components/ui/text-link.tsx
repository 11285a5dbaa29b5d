import type { ComponentProps } from "react";

/** A link that stands by itself in a line of text, high enough to be hit by a finger. */
export function TextLink({ className = "", ...props }: ComponentProps<"a">) {
  return <a {...props} className={`link inline-flex min-h-6 items-center ${className}`} />;
}
