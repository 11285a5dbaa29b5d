import { costFigure } from "@/lib/catalogue/cost-text";
import type { ListedCost } from "@/lib/catalogue/listed-standing";

type Props = { cost: ListedCost; currency: string; isColumn?: boolean };

/** A cost with its interval, or why it is not known: never a number in its place. */
export function CostText({ cost, currency, isColumn = false }: Props) {
  const figure = costFigure(cost, currency);
  if ("reason" in figure) return <span className="text-sm text-ink-3">not known: {figure.reason}</span>;
  return isColumn ? (
    <>
      <span className="font-medium">{figure.value}</span>
      <span className="ml-2 text-sm whitespace-nowrap text-ink-3 wide:ml-0 wide:block">{figure.range}</span>
    </>
  ) : (
    <>
      {figure.value} <span className="text-xs whitespace-nowrap text-ink-3">({figure.range})</span>
    </>
  );
}
