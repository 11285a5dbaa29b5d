export declare const root: string;
export declare const domains: readonly string[];
