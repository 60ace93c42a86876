import { describe, expect, test } from "vitest";
import { helpRequest } from "../../../kernel/io/help.ts";
import { inspectionBundle, type Inspection } from "../../../kernel/io/inspection.ts";

const inspection: Inspection = {
  signature: "function descend(rate: number): number",
  documentation: "Goes down, see {@link ascend} and {@link https://a.b|there}.",
  tags: [
    ["param", "rate how far, > 0"],
    ["param", "steps - how often"],
    ["returns", "the loss"],
    ["throws", "RangeError if rate <= 0"],
    ["example", "descend(0.1)"],
    ["since", "1.0"],
  ],
  source: "function descend(rate) { return 1 }",
};

describe("inspection", () => {
  test("JSDoc becomes Markdown", () => {
    expect(inspectionBundle(inspection, 0)["text/markdown"]).toBe(`\`\`\`typescript
function descend(rate: number): number
\`\`\`

Goes down, see \`ascend\` and [there](https://a.b).

**Parameters**

- \`rate\`: how far, > 0
- \`steps\`: how often

**Returns** the loss

**Throws**

- RangeError if rate <= 0

**Example**

\`\`\`typescript
descend(0.1)
\`\`\`

**Since** 1.0`);
  });

  test("plain text keeps the tags as they are written", () => {
    expect(inspectionBundle(inspection, 0)["text/plain"]).toBe(`function descend(rate: number): number

Goes down, see ascend and there.

@param rate how far, > 0
@param steps - how often
@returns the loss
@throws RangeError if rate <= 0
@example descend(0.1)
@since 1.0`);
  });

  test("the code comes at level 1 only, and only where a cell has it", () => {
    expect(inspectionBundle(inspection, 0)["text/plain"]).not.toContain("return 1");
    expect(inspectionBundle(inspection, 1)["text/plain"]).toContain("return 1");
    expect(inspectionBundle(inspection, 1)["text/markdown"]).toContain(
      "function descend(rate) { return 1 }\n```",
    );
    const { source: _, ...library } = inspection;
    expect(inspectionBundle(library, 1)).toEqual(inspectionBundle(library, 0));
  });
});

describe("help", () => {
  test.each([
    ["train.fit?", { name: "train.fit", level: 0 }],
    ["?nn", { name: "nn", level: 0 }],
    [" f?? ;\n", { name: "f", level: 1 }],
    ["f", undefined],
    ["a ? b : c", undefined],
    ["a.?", undefined],
    ["f()?", undefined],
  ])("%j asks for %o", (code, request) => {
    expect(helpRequest(code)).toEqual(request);
  });
});
