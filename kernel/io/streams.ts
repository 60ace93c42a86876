/** Batches what cells print: a client gets few messages, in order, and soon. */
export interface StreamChunk {
  origin: number;
  name: "stdout" | "stderr";
  text: string;
}

export interface Streams {
  write(chunk: StreamChunk): void;
  /** Send what is held back; call before anything that must come after it. */
  flush(): void;
}

/** The longest that text waits, in milliseconds. */
const delay = 30;
/** As much text as one message carries before it is sent at once, in UTF-16 units. */
const fullBatch = 65_536;

export function createStreams(send: (chunk: StreamChunk) => void): Streams {
  let held: StreamChunk | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const chunk = held;
    held = undefined;
    if (chunk) send(chunk);
  };

  return {
    flush,
    write({ origin, name, text }) {
      if (text === "") return;
      if (held && (held.origin !== origin || held.name !== name)) flush();
      if (held) held.text += text;
      else held = { origin, name, text };
      if (held.text.length >= fullBatch) flush();
      else timer ??= setTimeout(flush, delay);
    },
  };
}
