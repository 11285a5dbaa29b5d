export const root: string;
export const domains: string[];
export const doors: string[];

export function tableOwners(): Map<string, string>;
