export function findBinary(binary: { name: string; debian: string; variable?: string }): string;
export function identityOf(user: string): { uid: number; gid: number } | undefined;
