const checksums = new Map<string, string>();

/** Note that data came from a file with this SHA-256. */
export function noteFileRead(name: string, sha256: string): void {
  checksums.set(name, sha256);
}

/** The SHA-256 of every file that data was read from in this session, by its name. */
export const filesRead = (): Record<string, string> => Object.fromEntries(checksums);
