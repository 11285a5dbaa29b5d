"use client";

import { usePathname } from "next/navigation";

/** Leads to the report form, with the page it stands on filled in. */
export function ReportLink() {
  const path = usePathname();
  const isReport = path === "/report";
  return (
    <a
      className="link inline-flex min-h-6 items-center"
      href={isReport ? "/report" : `/report?about=${encodeURIComponent(path)}`}
    >
      Report a problem
    </a>
  );
}
