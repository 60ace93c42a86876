import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root } from "./paths.mjs";

// V8 takes its picture of the compiler only of a single script. TypeScript finds its own declarations beside the file that
// it lies in, and in a bundle it has to ask where that is.
const bundle = await rolldown({
  input: join(root, "dist/kernel/compiler/main.js"),
  platform: "node",
  plugins: [
    {
      name: "typescript-in-its-place",
      load: {
        filter: { id: /[\\/]typescript[\\/]lib[\\/]typescript\.js$/ },
        handler: (file) =>
          readFileSync(file, "utf8").replaceAll(
            "__filename",
            'require("node:module").createRequire(__filename).resolve("typescript")',
          ),
      },
    },
  ],
});
await bundle.write({ file: join(root, "dist/kernel/compiler.cjs"), format: "cjs", codeSplitting: false });
