/**
 * Keeps published messages under jupyter_server's limits, beyond which it drops what comes, the result with it: in any
 * 3 s at most 3,000 messages and 3 MB of streams.
 * https://jupyter-server.readthedocs.io/en/latest/other/full-config.html (`iopub_msg_rate_limit`, `iopub_data_rate_limit`)
 */
export interface Pace {
  /** Send now or when it is this message's turn. `streamBytes` is 0 for what is not a stream. */
  push(streamBytes: number, send: () => void): void;
  /** Send all that waits at once, and from now on everything: nothing comes after. */
  rush(): void;
}

/** What may go at once after a pause, and what comes in again each second: burst + 3 s of rate stay below the limit. */
const messages = { burst: 1200, rate: 500 };
const bytes = { burst: 1_200_000, rate: 500_000 };

export function createPace(now: () => number = () => performance.now()): Pace {
  const waiting: { streamBytes: number; send: () => void }[] = [];
  let left = { messages: messages.burst, bytes: bytes.burst };
  let countedAt = now();
  let timer: NodeJS.Timeout | undefined;
  let rushed = false;

  const refill = (): void => {
    const seconds = (now() - countedAt) / 1000;
    countedAt += seconds * 1000;
    left = {
      messages: Math.min(messages.burst, left.messages + seconds * messages.rate),
      bytes: Math.min(bytes.burst, left.bytes + seconds * bytes.rate),
    };
  };

  /** One message larger than the burst goes when the burst is whole. */
  const secondsUntil = (streamBytes: number): number =>
    Math.max(
      (1 - left.messages) / messages.rate,
      (Math.min(streamBytes, bytes.burst) - left.bytes) / bytes.rate,
      0,
    );

  const work = (): void => {
    timer = undefined;
    refill();
    for (let next = waiting[0]; next; next = waiting[0]) {
      const seconds = rushed ? 0 : secondsUntil(next.streamBytes);
      if (seconds > 0) {
        timer = setTimeout(work, Math.ceil(seconds * 1000));
        return;
      }
      waiting.shift();
      left.messages -= 1;
      left.bytes -= next.streamBytes;
      next.send();
    }
  };

  return {
    push(streamBytes, send) {
      waiting.push({ streamBytes, send });
      if (!timer) work();
    },
    rush() {
      rushed = true;
      clearTimeout(timer);
      work();
    },
  };
}
