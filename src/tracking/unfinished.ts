interface Unfinished {
  finish(status?: "finished" | "failed", reason?: string): void;
}

/** The runs that this process records now. */
export const unfinished: Set<Unfinished> = new Set();

// A process that ends well has finished its runs; one that is killed does not come here.
process.on("exit", (code) => {
  for (const run of unfinished)
    if (code === 0) run.finish();
    else run.finish("failed", `its process ended with exit code ${code}`);
});
