export const GROUPS: Readonly<Record<string, readonly string[] | undefined>>;
