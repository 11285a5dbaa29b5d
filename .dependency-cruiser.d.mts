declare const config: { forbidden: unknown[]; options: Record<string, Record<string, unknown>> };
export default config;
