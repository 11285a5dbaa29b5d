"use client";

import { type ReactNode, createContext, useContext, useId, useState } from "react";

const PageKey = createContext("");

/** Hands every form below the key of the page that was rendered. */
export function RequestKeys({ pageKey, children }: { pageKey: string; children: ReactNode }) {
  return <PageKey value={pageKey}>{children}</PageKey>;
}

/** Makes keys that no other form and no other page load makes. */
export function useRequestKeys(): (count: number) => string {
  const pageKey = useContext(PageKey);
  const id = useId();
  // A page that is refreshed gets another key; what is on its way keeps the one it was sent under.
  const [start] = useState(`${pageKey}.${id}`);
  return (count) => `${start}.${count}`;
}

/** The hidden key of a form: the same until an answer came, so that sending the form again is the same request. */
export function RequestKey({ answer }: { answer: unknown }) {
  const keyOf = useRequestKeys();
  const [seen, setSeen] = useState({ answer, count: 0 });
  const count = seen.answer === answer ? seen.count : seen.count + 1;
  if (seen.answer !== answer) setSeen({ answer, count });
  return <input type="hidden" name="requestKey" value={keyOf(count)} readOnly />;
}
