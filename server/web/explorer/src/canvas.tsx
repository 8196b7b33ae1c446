// The graph, drawn by Cytoscape; what is shown and chosen lives in the signals, and this only draws it.
import { effect, signal } from "@preact/signals";
import cytoscape, { type CollectionReturnValue, type Core, type ElementDefinition } from "cytoscape";
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
  skew,
  spoken,
  stateOf,
  STATEMENTS,
} from "./nodes";
import { Places } from "./placing";
import { theme } from "./theme";
import { bringPanel, tab, tell } from "./shell";
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

// What was drawn last, so that only what differs is drawn anew: restyling thousands takes seconds.
let last = new Map<string, string>();

function drawElements(cy: Core): void {
  const when = moment();
  const shown = nodes.value;
  const fresh = new Set(places.settle(shown.keys(), links.value));
  const next = new Map<string, string>();
  const wanted: ElementDefinition[] = [...shown].map(([key, node]) => nodeOf(key, node, when));
  for (const link of links.value) {
    const ends = [shown.get(link.source), shown.get(link.target)];
    const faint = ends.some((node) => node && STATEMENTS.has(node.type) && stateOf(node, when) !== "inForce");
    wanted.push({ group: "edges", data: { ...link, label: word(link.relation), faint } });
  }
  cy.batch(() => {
    const added: ElementDefinition[] = [];
    for (const element of wanted) {
      const id = element.data.id!;
      const said = JSON.stringify(element.data);
      next.set(id, said);
      if (!last.has(id)) added.push(element.group === "nodes" ? { ...element, position: { ...places.at.get(id)! } } : element);
      else if (last.get(id) !== said) cy.getElementById(id).data(element.data);
    }
    for (const id of last.keys()) if (!next.has(id)) cy.getElementById(id).remove();
    cy.add(added);
  });
  last = next;
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

const marked = new Map<string, CollectionReturnValue>();

// Give these elements a class, and no others; only what differs is touched.
function mark(cy: Core, name: string, wanted: CollectionReturnValue): void {
  const before = (marked.get(name) ?? cy.collection()).filter((each) => each.inside());
  before.difference(wanted).removeClass(name);
  wanted.difference(before).addClass(name);
  marked.set(name, wanted);
}

function drawLit(cy: Core): void {
  const lit = path.value;
  cy.batch(() => {
    const without = supposition.value.remove.map((ref) => cy.getElementById(keyOf(ref)));
    mark(cy, "without", without.reduce((all, each) => all.union(each), cy.collection()));
    const chosen = selected.value === null ? cy.collection() : cy.getElementById(selected.value);
    mark(cy, "chosen", chosen);
    mark(cy, "near", cy.collection().union(chosen.connectedEdges("[relation]")));
    let onPath = cy.collection();
    for (const key of lit) onPath = onPath.union(cy.getElementById(key));
    const between = onPath.edgesWith(onPath);
    mark(cy, "lit", onPath.union(between.filter("[relation]")));
    const answers = cy.edges("[outcome]");
    const beside = onPath.union(between).union(chosen).union(answers).union(answers.connectedNodes());
    mark(cy, "dim", lit.size === 0 ? cy.collection() : cy.elements().difference(beside));
    mark(cy, "apart", lit.size === 0 ? cy.collection() : cy.collection().union(answers.filter((each) => !lit.has(each.target().id()))));
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
    last = new Map();
    marked.clear();
    window.machtigenGraph = cy;
    cy.on("tap", "node", (event) => choose(event.target.id()));
    cy.on("dbltap", "node", (event) => open(event.target.id()));
    cy.on("tap", "edge[outcome]", (event) => {
      fill(0, { represented: refOf(event.target.target().id()).id });
      tab.value = "question";
      void submit(0).then(bringPanel);
    });
    cy.on("tap", (event) => {
      if (event.target === cy) selected.value = null;
    });
    cy.on("mouseover", "node", (event) => event.target.connectedEdges("[relation]").addClass("hover"));
    cy.on("mouseout", "node", (event) => event.target.connectedEdges().removeClass("hover"));
    cy.on("dragfree", "node", (event) => places.move(event.target.id(), { ...event.target.position() }));
    const stops = [
      effect(() => {
        void [at.value, skew.value, language.value];
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
