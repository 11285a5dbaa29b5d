import type { ReactNode } from "react";

/** A command for a terminal, to be selected whole. */
export function CommandLine({ children }: { children: ReactNode }) {
  return (
    <code className="block rounded-sm bg-sunken px-3 py-2 font-mono text-xs break-all select-all">
      {children}
    </code>
  );
}
