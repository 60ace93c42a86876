import { readFileSync, writeFileSync } from "node:fs";
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
const { output } = await bundle.generate({
  format: "cjs",
  codeSplitting: false,
  minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
});
// V8 keeps the text. With a single letter beyond Latin 1 in it, it would take two bytes for each.
const latin1 = output[0].code.replace(
  /[^\0-\xff]/g,
  (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
);
writeFileSync(join(root, "dist/kernel/compiler.cjs"), latin1);
