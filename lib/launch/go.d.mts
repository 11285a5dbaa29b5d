export const goEnvironment: NodeJS.ProcessEnv;
export function hasGo(): boolean;
