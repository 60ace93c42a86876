import type { Layout, Template } from "plotly.js-dist-min";

/**
 * JupyterLab's colours as a plotly template: what the figure itself sets is stronger than a template, so
 * only what it leaves open follows the light or dark theme.
 */
export function themeTemplate(element: HTMLElement): Partial<Template> {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const text = colour("--jp-content-font-color1");
  const line = colour("--jp-border-color2");
  const page = colour("--jp-layout-color0");
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, automargin: true };
  const layout: Partial<Layout> & { annotationdefaults: object } = {
    paper_bgcolor: page,
    plot_bgcolor: page,
    font: { color: text },
    xaxis: axis,
    yaxis: axis,
    hoverlabel: { bgcolor: page, bordercolor: line, font: { color: text } },
    // Labels among lines stand on the page, not in the lines.
    annotationdefaults: { bgcolor: page },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: line, activecolor: text },
  };
  return { layout };
}
