/** What is known of a name, as text and as Markdown. */

export interface Inspection {
  /** The declaration as TypeScript writes it. */
  signature: string;
  documentation: string;
  /** JSDoc tags without their `@`: `["param", "rate the step size"]`. */
  tags: [name: string, text: string][];
  /** The cell's code that declared it, if a cell did. */
  source?: string;
}

/** Jupyter's levels: 0 for what it is and does, 1 for its code as well. */
export type DetailLevel = 0 | 1;

const fenced = (code: string): string => `\`\`\`typescript\n${code}\n\`\`\``;

export function inspectionBundle(
  { signature, documentation, tags, source }: Inspection,
  level: DetailLevel,
): Record<string, string> {
  const shown = level === 1 ? source : undefined;
  const paragraphs = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join("\n\n");
  return {
    "text/plain": paragraphs(
      signature,
      withoutLinks(documentation),
      tags.map(([name, text]) => `@${name} ${withoutLinks(text)}`.trim()).join("\n"),
      shown,
    ),
    "text/markdown": paragraphs(
      fenced(signature),
      linked(documentation),
      ...tagSections(tags),
      shown && fenced(shown),
    ),
  };
}

/** Tags that come once for each of several things are lists; their text starts with what they speak of. */
const lists: Record<string, { title: string; named: boolean }> = {
  param: { title: "Parameters", named: true },
  property: { title: "Properties", named: true },
  template: { title: "Type parameters", named: true },
  throws: { title: "Throws", named: false },
};

const titles: Record<string, string> = { returns: "Returns", return: "Returns", deprecated: "Deprecated" };

function tagSections(tags: [string, string][]): string[] {
  const names = [...new Set(tags.map(([name]) => name))];
  return names.flatMap((name) => {
    const texts = tags.filter(([each]) => each === name).map(([, text]) => text);
    const list = lists[name];
    if (list) {
      const items = texts.map((text) => (list.named ? namedItem(text) : `- ${linked(text)}`));
      return [`**${list.title}**\n\n${items.join("\n")}`];
    }
    if (name === "example")
      return texts.map((text) => `**Example**\n\n${text.includes("```") ? text : fenced(text)}`);
    const title = titles[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
    return texts.map((text) => `**${title}** ${linked(text)}`.trim());
  });
}

function namedItem(text: string): string {
  const [, name = "", rest = ""] = /^(\S+)\s*(?:-\s+)?([^]*)$/.exec(text) ?? [];
  return rest ? `- \`${name}\`: ${linked(rest)}` : `- \`${name}\``;
}

const link = /\{@link(?:code|plain)?\s+([^\s|}]+)\s*\|?\s*([^}]*)\}/g;

const linked = (text: string): string =>
  text.replace(link, (_, target: string, label: string) =>
    /^https?:/.test(target) ? `[${label || target}](${target})` : `\`${label || target}\``,
  );

const withoutLinks = (text: string): string =>
  text.replace(link, (_, target: string, label: string) => label || target);
