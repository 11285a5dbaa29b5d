"use client";

import { useSyncExternalStore } from "react";
import { formatMoney, money, parseAmount } from "@/lib/shared/money";

const field = () => document.querySelector<HTMLInputElement>("input[name=buyerAmount]");

function onInput(changed: () => void): () => void {
  const input = field();
  input?.addEventListener("input", changed);
  return () => input?.removeEventListener("input", changed);
}

/** Says what a split would give each side, as soon as the amount beside it is typed. */
export function SplitPreview({ heldMinor, currency }: { heldMinor: string; currency: string }) {
  const typed = useSyncExternalStore(
    onInput,
    () => field()?.value ?? "",
    () => "",
  );
  return (
    <p className="pt-1 text-sm text-ink-2 tabular-nums" aria-live="polite">
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
