// Imported first, and in syntax that old versions still parse, so that they get this sentence and not a stack.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `gradbook needs Node.js 20.19 or newer, and this is ${process.versions.node}: ` +
      "install a current one from https://nodejs.org and run the same command again.",
  );
  process.exit(1);
}
