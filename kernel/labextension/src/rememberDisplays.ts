/** Where a display stands in its notebook. */
export interface Place {
  /** Its id. */
  readonly cell: string;
  /** Among the cell's outputs. */
  readonly index: number;
}

interface Displays {
  put(id: string, place: Place): void;
  place(id: string): Place | undefined;
  /** The cell's outputs were cleared. */
  forget(cell: string): void;
}

/** The latest of a session: earlier ones hardly change any more. */
const most = 200;

/** The displays of a kernel, kept in the tab's own storage, which a reload leaves as it is. */
export function rememberDisplays(kernel: string): Displays {
  const key = `gradbook-displays:${kernel}`;
  const read = (): [id: string, place: Place][] =>
    JSON.parse(sessionStorage.getItem(key) ?? "[]") as [string, Place][];
  const write = (displays: [string, Place][]): void =>
    sessionStorage.setItem(key, JSON.stringify(displays.slice(-most)));
  return {
    put: (id, place) => write([...read().filter(([other]) => other !== id), [id, place]]),
    place: (id) => read().find(([other]) => other === id)?.[1],
    forget: (cell) => write(read().filter(([, place]) => place.cell !== cell)),
  };
}
