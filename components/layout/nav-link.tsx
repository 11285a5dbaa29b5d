"use client";

import Link, { useLinkStatus } from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

type Props = {
  href: string;
  /** Another address that belongs to it. */
  also?: string;
  /** Pages below it do not count. */
  isExact?: boolean;
  children: ReactNode;
};

/** A link of the main navigation that marks itself when it leads to the page shown. */
export function NavLink({ href, also, isExact = href === "/", children }: Props) {
  const path = usePathname();
  const isHere = path === href || (!isExact && path.startsWith(`${href}/`));
  const isCurrent = isHere || (also !== undefined && path.startsWith(also));
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isCurrent ? "page" : undefined}
      className="inline-flex min-h-8 min-w-6 items-center text-ink-2 hover:text-ink aria-[current]:font-medium aria-[current]:text-ink"
    >
      <Pending>{children}</Pending>
    </Link>
  );
}

/**
 * Says that the page is on its way when it takes longer than a moment. Pages have no loading skeletons: one would
 * need JavaScript to give way to the page, and would turn "not found" into an answer of 200.
 */
function Pending({ children }: { children: ReactNode }) {
  const { pending } = useLinkStatus();
  return (
    <span
      className={`inline-flex min-w-0 transition-opacity duration-150 ${pending ? "opacity-50 delay-150" : ""}`}
    >
      {children}
    </span>
  );
}
