import { type RightName, type Rights, rightLabels, rightNames } from "@/lib/catalogue/rights";

/** "Use commercially and modify; not redistribute or sublicense." What is not stated is not granted. */
export function rightsText(rights: Rights): string {
  const granted = rightNames.filter((name) => rights[name] === "yes").map(labelOf);
  const withheld = rightNames.filter((name) => rights[name] !== "yes").map(labelOf);
  const head = granted.length === 0 ? "use for evaluation and private purposes" : joined(granted, "and");
  const tail = withheld.length === 0 ? "" : `; not ${joined(withheld, "or")}`;
  const field = rights.fieldOfUse ? ` Only for: ${rights.fieldOfUse.replace(/\.+$/, "")}.` : "";
  return `${head.charAt(0).toUpperCase()}${head.slice(1)}${tail}.${field}`;
}

function labelOf(name: RightName): string {
  return rightLabels[name].toLowerCase();
}

function joined(words: readonly string[], last: "and" | "or"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
