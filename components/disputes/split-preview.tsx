"use client";

import { useEffect, useRef, useState } from "react";
import { formatMoney, money, parseAmount } from "@/lib/shared/money";

/** Says what a split would give each side while the amount beside it is typed. */
export function SplitPreview({ heldMinor, currency }: { heldMinor: string; currency: string }) {
  const place = useRef<HTMLParagraphElement>(null);
  const [typed, setTyped] = useState("");
  useEffect(() => {
    const form = place.current?.closest("form");
    const read = (event: Event) => {
      if (event.target instanceof HTMLInputElement && event.target.name === "buyerAmount")
        setTyped(event.target.value);
    };
    form?.addEventListener("input", read);
    return () => form?.removeEventListener("input", read);
  }, []);
  return (
    <p ref={place} className="pt-1 text-sm text-ink-2 tabular-nums" aria-live="polite">
      {previewText(typed, BigInt(heldMinor), currency)}
    </p>
  );
}

function previewText(typed: string, heldMinor: bigint, currency: string): string {
  if (typed.trim() === "") return "";
  try {
    const buyerMinor = parseAmount(typed, currency);
    if (buyerMinor <= 0n || buyerMinor >= heldMinor) return "More than nothing, less than everything.";
    const toSeller = formatMoney(money(heldMinor - buyerMinor, currency));
    return `To the buyer ${formatMoney(money(buyerMinor, currency))}, to the seller’s side ${toSeller} before the fee.`;
  } catch {
    return "";
  }
}
