import type { ComponentProps } from "react";

const variants = {
  primary: "border-verdigris bg-verdigris px-4 text-paper hover:opacity-90",
  secondary: "border-edge bg-surface px-4 text-ink hover:border-ink-2",
  danger: "border-red bg-surface px-4 text-red hover:bg-red-soft",
  quiet:
    "border-transparent bg-transparent text-ink-2 underline decoration-line-strong underline-offset-3 hover:text-ink",
} as const;

export type ButtonVariant = keyof typeof variants;

/** The look of a button, for links that lead to the next step. */
export function buttonClass(variant: ButtonVariant = "secondary"): string {
  return `inline-flex min-h-10 items-center justify-center gap-2 rounded-md border font-medium disabled:opacity-50 ${variants[variant]}`;
}

export function Button({
  variant = "secondary",
  className = "",
  ...props
}: ComponentProps<"button"> & { variant?: ButtonVariant }) {
  return <button {...props} className={`${buttonClass(variant)} ${className}`} />;
}

export function ButtonLink({
  variant = "secondary",
  className = "",
  ...props
}: ComponentProps<"a"> & { variant?: ButtonVariant }) {
  return <a {...props} className={`${buttonClass(variant)} ${className}`} />;
}
