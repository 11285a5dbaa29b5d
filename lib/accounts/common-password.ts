import { dictionary } from "@zxcvbn-ts/language-common";

let common: ReadonlySet<string> | undefined;

/** Among the some 49,000 passwords that leaked lists hold most often. The list is unpacked at the first question. */
export function isCommonPassword(lowerCaseText: string): boolean {
  common ??= new Set(dictionary["passwords-common"].map((password) => password.toLowerCase()));
  return common.has(lowerCaseText);
}
