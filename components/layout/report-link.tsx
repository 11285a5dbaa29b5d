"use client";

import { usePathname } from "next/navigation";
import { TextLink } from "@/components/ui/text-link";

/** Leads to the report form, with the page it stands on filled in. */
export function ReportLink() {
  const path = usePathname();
  const isReport = path === "/report";
  return (
    <TextLink href={isReport ? "/report" : `/report?about=${encodeURIComponent(path)}`}>
      Report a problem
    </TextLink>
  );
}
