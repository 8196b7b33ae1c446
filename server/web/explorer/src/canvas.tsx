// The graph, drawn by Cytoscape; what is shown and chosen lives in the signals, and this only draws it.
import { effect, signal } from "@preact/signals";
import cytoscape, { type Core, type ElementDefinition } from "cytoscape";
import { useEffect, useRef } from "preact/hooks";
import { asked, fill, path, seen, submit, supposition } from "./asking";
import { looks } from "./looks";
import {
  at,
  expand,
  isDead,
  type Key,
  keyOf,
  labelOf,
  links,
  moment,
  nodes,
  field,
  refOf,
  selected,
  type Shown,
  spoken,
  stateOf,
  STATEMENTS,
} from "./nodes";
import { Places } from "./placing";
import { theme } from "./theme";
import { tab, tell } from "./shell";
import { language, t, word } from "./words";

export const stale = signal<ReadonlySet<string>>(new Set());
export const places = new Places();
const ZOOM_FIRST = 1.2;
let drawn: Core | null = null;

// For the measurements and tests of the page.
declare global {
  interface Window {
    machtigenGraph?: Core | undefined;
  }
}

export function fit(): void {
  drawn?.animate({ fit: { eles: drawn.elements(), padding: 60 }, duration: motion() });
}

export function zoom(factor: number): void {
  if (!drawn) return;
  const middle = { x: drawn.width() / 2, y: drawn.height() / 2 };
  drawn.zoom({ level: drawn.zoom() * factor, renderedPosition: middle });
}

function motion(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
}

function nodeOf(key: Key, node: Shown, when: number): ElementDefinition {
  const { type } = node;
  return {
    group: "nodes",
    data: {
      id: key,
      type,
      label: `${labelOf(node)}${isDead(node, when) ? " †" : ""}`,
      statement: STATEMENTS.has(type),
      state: stateOf(node, when),
      dead: isDead(node, when),
      doubt: field(node, "under_investigation") === true,
      stale: type === "register" && stale.value.has(node.id),
    },
  };
}

function drawElements(cy: Core): void {
  const when = moment();
  const shown = nodes.value;
  const fresh = new Set(places.settle(shown.keys(), links.value));
  cy.batch(() => {
    cy.nodes().forEach((each) => {
      if (!shown.has(each.id())) each.remove();
    });
    const added: ElementDefinition[] = [];
    for (const [key, node] of shown) {
      const element = nodeOf(key, node, when);
      const known = cy.getElementById(key);
      if (known.nonempty()) known.data(element.data);
      else added.push({ ...element, position: { ...places.at.get(key)! } });
    }
    cy.add(added);
    const wanted = new Map(links.value.map((link) => [link.id, link]));
    cy.edges("[relation]").forEach((each) => {
      if (!wanted.delete(each.id())) each.remove();
    });
    cy.add(
      [...wanted.values()].map((link) => ({
        group: "edges" as const,
        data: { id: link.id, source: link.source, target: link.target, relation: link.relation, label: word(link.relation) },
      })),
    );
    cy.edges("[relation]").forEach((each) => {
      const ends = [shown.get(each.source().id()), shown.get(each.target().id())];
      each.data("label", word(each.data("relation")));
      each.data("faint", ends.some((node) => node && STATEMENTS.has(node.type) && stateOf(node, when) !== "inForce"));
    });
  });
  if (fresh.size > 0 && fresh.size === shown.size) cy.fit(undefined, 60);
  else if (fresh.size > 0) keepInView(cy, fresh);
  if (cy.zoom() > ZOOM_FIRST) {
    cy.zoom(ZOOM_FIRST);
    cy.center();
  }
}

// What came in is brought into view; what was there does not move in the graph.
function keepInView(cy: Core, fresh: ReadonlySet<Key>): void {
  const { x1, y1, x2, y2 } = cy.extent();
  const outside = cy.nodes().filter((each) => {
    const { x, y } = each.position();
    return fresh.has(each.id()) && (x < x1 + 40 || x > x2 - 40 || y < y1 + 40 || y > y2 - 40);
  });
  if (outside.nonempty()) fit();
}

function drawSeen(cy: Core): void {
  const self = keyOf({ type: "person", id: asked.value[0].form.representative });
  cy.batch(() => {
    cy.edges("[outcome]").remove();
    if (cy.getElementById(self).empty()) return;
    for (const [key, { outcome }] of seen.value) {
      if (cy.getElementById(key).empty()) continue;
      const data = { id: `seen ${key}`, source: self, target: key, outcome, label: `${MARKS[outcome]} ${word(outcome)}` };
      cy.add({ group: "edges", data });
    }
  });
}

const MARKS = { PERMIT: "✓", CONSENT_REQUIRED: "+", INDETERMINATE: "?", DENY: "✕" };

function drawLit(cy: Core): void {
  const lit = path.value;
  cy.batch(() => {
    cy.elements().removeClass("lit dim near chosen supposed without apart");
    for (const { type, id } of supposition.value.remove) cy.getElementById(keyOf({ type, id })).addClass("without");
    const chosen = selected.value === null ? cy.collection() : cy.getElementById(selected.value);
    chosen.addClass("chosen");
    chosen.connectedEdges("[relation]").addClass("near");
    if (lit.size === 0) return;
    const onPath = cy.nodes().filter((each) => lit.has(each.id()));
    onPath.addClass("lit");
    const between = onPath.edgesWith(onPath);
    between.filter("[relation]").addClass("lit");
    const beside = onPath.union(between).union(chosen).union(cy.edges("[outcome]")).union(cy.edges("[outcome]").connectedNodes());
    cy.elements().difference(beside).addClass("dim");
    cy.edges("[outcome]").filter((each) => !lit.has(each.target().id())).addClass("apart");
  });
}

// The node next to one in a direction, along a relation.
function towards(cy: Core, key: Key, dx: number, dy: number): Key | null {
  const here = cy.getElementById(key);
  if (here.empty()) return cy.nodes().first().id() ?? null;
  const from = here.position();
  let best: { key: Key; cost: number } | null = null;
  here.neighborhood("node").forEach((each) => {
    const { x, y } = each.position();
    const along = (x - from.x) * dx + (y - from.y) * dy;
    const across = Math.abs((x - from.x) * dy - (y - from.y) * dx);
    if (along <= 0) return;
    const cost = along + 2 * across;
    if (best === null || cost < best.cost) best = { key: each.id(), cost };
  });
  return best === null ? null : (best as { key: Key }).key;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function choose(key: Key): void {
  selected.value = key;
  tab.value = "node";
  const node = nodes.value.get(key);
  if (node) tell(spoken(node));
}

function open(key: Key): void {
  expand(key, null).catch((wrong: Error) => tell(wrong.message));
}

function pressed(cy: Core, event: KeyboardEvent): void {
  const arrow = ARROWS[event.key];
  const here = selected.value;
  if (arrow) {
    const next = here === null ? cy.nodes().first().id() : towards(cy, here, ...arrow);
    if (next) {
      choose(next);
      const element = cy.getElementById(next);
      const { x1, y1, x2, y2 } = cy.extent();
      const { x, y } = element.position();
      if (x < x1 || x > x2 || y < y1 || y > y2) cy.animate({ center: { eles: element }, duration: motion() });
    }
  } else if (event.key === "Enter" && here !== null) open(here);
  else if (event.key === "Delete" && here !== null) removeChosen(here);
  else if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else if (event.key === "0") fit();
  else if (event.key === "Escape") selected.value = null;
  else return;
  event.preventDefault();
}

function removeChosen(key: Key): void {
  const next = new Map(nodes.value);
  next.delete(key);
  nodes.value = next;
  selected.value = null;
}

export function Canvas() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return;
    // Cytoscape would write a style element, which the page's policy forbids, unless one of this id is there already
    document.querySelector("link[rel=stylesheet]")?.setAttribute("id", "__________cytoscape_stylesheet");
    const cy = cytoscape({
      container: box.current,
      style: looks(),
      minZoom: 0.05,
      maxZoom: 3,
      boxSelectionEnabled: false,
      hideEdgesOnViewport: false,
      pixelRatio: "auto",
    });
    drawn = cy;
    window.machtigenGraph = cy;
    cy.on("tap", "node", (event) => choose(event.target.id()));
    cy.on("dbltap", "node", (event) => open(event.target.id()));
    cy.on("tap", "edge[outcome]", (event) => {
      fill(0, { represented: refOf(event.target.target().id()).id });
      tab.value = "question";
      void submit(0);
    });
    cy.on("tap", (event) => {
      if (event.target === cy) selected.value = null;
    });
    cy.on("mouseover", "node", (event) => event.target.connectedEdges("[relation]").addClass("near"));
    cy.on("mouseout", "node", (event) => {
      if (event.target.id() !== selected.value) event.target.connectedEdges().removeClass("near");
    });
    cy.on("dragfree", "node", (event) => places.move(event.target.id(), { ...event.target.position() }));
    const stops = [
      effect(() => {
        void [at.value, language.value];
        drawElements(cy);
      }),
      effect(() => {
        void nodes.value;
        drawSeen(cy);
      }),
      effect(() => {
        void [nodes.value, seen.value];
        drawLit(cy);
      }),
      effect(() => {
        void theme.value;
        cy.style(looks());
      }),
    ];
    const observer = new ResizeObserver(() => cy.resize());
    observer.observe(box.current);
    return () => {
      for (const stop of stops) stop();
      observer.disconnect();
      drawn = null;
      window.machtigenGraph = undefined;
      cy.destroy();
    };
  }, []);
  return (
    <div
      class="canvas"
      role="application"
      aria-label={t("canvas")}
      tabIndex={0}
      onKeyDown={(event) => drawn && pressed(drawn, event)}
    >
      <div class="drawing" ref={box} />
    </div>
  );
}
