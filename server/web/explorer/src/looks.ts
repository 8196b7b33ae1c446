// How nodes look: each kind has a shape and a label as well as a colour. Colours come from the page's own style sheet.
import type { StylesheetJson } from "cytoscape";
import type { FactType } from "./generated/types";

export const SHAPES: Record<FactType, string> = {
  person: "ellipse",
  organisation: "round-rectangle",
  provider: "hexagon",
  service: "tag",
  register: "barrel",
  authority: "diamond",
  employment: "rhomboid",
  consent: "round-triangle",
  ability: "octagon",
  block: "vee",
};

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export function looks(): StylesheetJson {
  const ink = colour("ink");
  const [surface, muted, accent] = [colour("canvas"), colour("muted"), colour("accent")];
  const kinds = (Object.keys(SHAPES) as FactType[]).map((type) => ({
    selector: `node[type="${type}"]`,
    style: { shape: SHAPES[type], "background-color": colour(`${type}-fill`), "border-color": colour(`${type}-edge`) },
  }));
  const outcomes = [
    ["PERMIT", "permit", "solid"],
    ["CONSENT_REQUIRED", "consent-required", "dashed"],
    ["INDETERMINATE", "indeterminate", "dotted"],
    ["DENY", "deny", "dashed"],
  ].map(([outcome, name, line]) => ({
    selector: `edge[outcome="${outcome}"]`,
    style: { "line-color": colour(name!), "target-arrow-color": colour(name!), "line-style": line, color: colour(name!) },
  }));
  return [
    {
      selector: "node",
      style: {
        width: 40,
        height: 40,
        "border-width": 2,
        label: "data(label)",
        color: ink,
        "font-family": "system-ui, sans-serif",
        "font-size": 12,
        "text-valign": "bottom",
        "text-margin-y": 5,
        "text-wrap": "ellipsis",
        "text-max-width": "130px",
        "text-outline-color": surface,
        "text-outline-width": 2,
        "min-zoomed-font-size": 7,
      },
    },
    { selector: "node[?statement]", style: { width: 30, height: 30, color: muted } },
    ...kinds,
    { selector: "node[?dead]", style: { "border-style": "double", "border-width": 5 } },
    { selector: "node[?doubt]", style: { "border-style": "dotted", "border-width": 4 } },
    { selector: "node[?stale]", style: { "border-style": "dotted", "border-width": 4, "border-color": colour("indeterminate") } },
    { selector: 'node[state="unknown"]', style: { "background-opacity": 0.15, "border-style": "dashed", color: muted } },
    {
      selector: 'node[state="notYet"], node[state="ended"], node[state="closed"]',
      style: { "background-opacity": 0.12, "border-style": "dashed", "border-opacity": 0.7, "text-opacity": 0.75 },
    },
    {
      selector: "edge",
      style: {
        width: 1.5,
        "curve-style": "straight",
        "line-color": colour("line-strong"),
        "target-arrow-color": colour("line-strong"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        "font-family": "system-ui, sans-serif",
        "font-size": 10,
        color: muted,
        "text-outline-color": surface,
        "text-outline-width": 2,
        "min-zoomed-font-size": 9,
      },
    },
    { selector: "edge[?faint]", style: { "line-style": "dashed", opacity: 0.45 } },
    { selector: "edge.near, edge.hover", style: { label: "data(label)" } },
    {
      selector: "edge[outcome]",
      style: {
        width: 3,
        label: "data(label)",
        "curve-style": "unbundled-bezier",
        "control-point-distances": [120],
        "control-point-weights": [0.5],
        "font-size": 12,
        "font-weight": 600,
        "arrow-scale": 1.2,
        "text-background-color": surface,
        "text-background-opacity": 0.92,
        "text-background-padding": "3px",
        "text-background-shape": "round-rectangle",
        "min-zoomed-font-size": 6,
        "z-index": 9,
        "z-index-compare": "manual",
      },
    },
    ...outcomes,
    { selector: "edge[outcome].apart", style: { "line-opacity": 0.4 } },
    { selector: ".dim", style: { opacity: 0.28 } },
    {
      selector: "node.lit",
      style: { "border-color": accent, "border-width": 4, "underlay-color": accent, "underlay-opacity": 0.22, "underlay-padding": 8, "underlay-shape": "ellipse" },
    },
    { selector: "edge.lit", style: { "line-color": accent, "target-arrow-color": accent, width: 3.5, opacity: 1 } },
    { selector: "node.without", style: { opacity: 0.3, "border-style": "dashed", "border-color": colour("deny") } },
    { selector: "node.chosen", style: { "overlay-color": accent, "overlay-opacity": 0.16, "overlay-padding": 10, "overlay-shape": "ellipse", color: ink } },
  ] as unknown as StylesheetJson;
}
