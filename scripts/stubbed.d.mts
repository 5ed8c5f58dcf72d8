export const STUBBED: Record<string, string>;
