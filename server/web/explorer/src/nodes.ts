// What is shown: nodes with the relations that they state. Whoever shows two ends shows the relation.
import { computed, signal } from "@preact/signals";
import { ask } from "./api";
import type { FactType, NodesQuery } from "./generated/types";
import { length, ms } from "./time";
import { t, type Text, word } from "./words";

export type Shown = NodesQuery["graph"][number];
export type Key = string;
export interface Ref {
  type: FactType;
  id: string;
}
export interface Link {
  id: string;
  relation: string;
  source: Key;
  target: Key;
}
export type State = "inForce" | "notYet" | "ended" | "closed" | "unknown";

export const SHOWN_MAX = 5_000;
export const nodes = signal<ReadonlyMap<Key, Shown>>(new Map());
export const selected = signal<Key | null>(null);
// null: now, and all that is known
export const at = signal<number | null>(null);
export const knownAt = signal<string | null>(null);
// What was around it when a node was added, so that it finds its place there.
export const beside = new Map<Key, Key>();

export function keyOf(ref: Ref): Key {
  return `${ref.type} ${ref.id}`;
}

export function refOf(key: Key): Ref {
  const space = key.indexOf(" ");
  return { type: key.slice(0, space) as FactType, id: key.slice(space + 1) };
}

export const STATEMENTS: ReadonlySet<FactType> = new Set(["authority", "employment", "consent", "ability", "block"]);

export const links = computed<readonly Link[]>(() => {
  const found = new Map<string, Link>();
  for (const node of nodes.value.values()) {
    for (const edge of node.states) {
      const source = keyOf(edge.source);
      const target = keyOf(edge.target);
      if (nodes.value.has(source) && nodes.value.has(target)) {
        const id = `${source} ${edge.relation} ${target}`;
        found.set(id, { id, relation: edge.relation, source, target });
      }
    }
  }
  return [...found.values()];
});

// Instants at which something that is shown begins or ends, in order.
export const turns = computed<readonly number[]>(() => {
  const found = new Set<number>();
  for (const node of nodes.value.values()) {
    for (const moment of [node.validFrom, node.validUntil, diedAt(node)]) if (moment) found.add(ms(moment));
  }
  return [...found].filter((each) => !Number.isNaN(each)).sort((a, b) => a - b);
});

// How far the server's clock is from ours: in a rehearsal it stands in another year.
export const skew = signal(0);
const SKEW_LEAST_MS = 60_000;

export function now(): number {
  return Date.now() + skew.value;
}

// A register tells when it was heard from and how long ago that is.
export function readClock(registers: readonly { heardFrom: string | null; silence: string | null }[]): void {
  const told = registers.find((each) => each.heardFrom !== null && each.silence !== null && length(each.silence) > 0);
  if (!told?.heardFrom || !told.silence) return;
  const found = Date.parse(told.heardFrom) + length(told.silence) - Date.now();
  skew.value = Math.abs(found) < SKEW_LEAST_MS ? 0 : found;
}

export function moment(): number {
  return at.value ?? now();
}

export function stateOf(node: Shown, when: number): State {
  if (!node.known) return "unknown";
  if (node.closed) return "closed";
  if (node.validFrom && when < ms(node.validFrom)) return "notYet";
  if (node.validUntil && when >= ms(node.validUntil)) return "ended";
  return "inForce";
}

function diedAt(node: Shown): string | null {
  const died = node.type === "person" ? field(node, "died") : null;
  return typeof died === "string" ? died : null;
}

export function field(node: Shown, name: string): unknown {
  return typeof node.fact === "object" && node.fact !== null ? (node.fact as Record<string, unknown>)[name] : undefined;
}

export function isDead(node: Shown, when: number): boolean {
  const died = diedAt(node);
  return died !== null && ms(died) <= when;
}

export function labelOf(node: Shown): string {
  return node.name ?? (STATEMENTS.has(node.type) ? word(node.kind ?? node.type) : node.id);
}

// With its type, for who hears it.
export function spoken(node: Shown): string {
  const stands = STATEMENTS.has(node.type) ? `, ${t(stateOf(node, moment()) satisfies Text)}` : "";
  return `${word(node.type)} ${labelOf(node)}${node.name ? ` (${node.id})` : ""}${stands}`;
}

export function show(found: Iterable<Shown>, near: Key | null = null): void {
  const next = new Map(nodes.value);
  for (const node of found) {
    const key = keyOf(node);
    if (!next.has(key)) {
      if (next.size >= SHOWN_MAX) throw new Error(t("tooMany"));
      if (near !== null) beside.set(key, near);
    }
    next.set(key, node);
  }
  nodes.value = next;
}

export function hide(key: Key): void {
  const next = new Map(nodes.value);
  next.delete(key);
  nodes.value = next;
  if (selected.value === key) selected.value = null;
}

export function clear(): void {
  nodes.value = new Map();
  selected.value = null;
  beside.clear();
}

const TOGETHER = 400;

export async function fetchNodes(refs: readonly Ref[]): Promise<Shown[]> {
  const found: Shown[] = [];
  for (let start = 0; start < refs.length; start += TOGETHER) {
    const of = refs.slice(start, start + TOGETHER).map(({ type, id }) => ({ type, id }));
    found.push(...(await ask("Nodes", { of, knownAt: knownAt.value })).graph);
  }
  return found;
}

// The same nodes as they were known at another time.
export async function lookAgain(): Promise<void> {
  const keys = [...nodes.value.keys()];
  if (keys.length > 0) show(await fetchNodes(keys.map(refOf)));
}

export interface Group {
  relation: string;
  incoming: boolean;
  type: FactType;
  kind: string | null;
}

// What lies around a node comes in pages; the cursor of the next one, or null.
export async function expand(key: Key, groups: readonly Group[] | null, first = 60, after: string | null = null): Promise<string | null> {
  const of = [refOf(key)];
  const chosen = groups?.map(({ relation, incoming, type, kind }) => ({ relation, incoming, type, kind })) ?? null;
  const [found] = (await ask("Neighbours", { of, groups: chosen, first, after, knownAt: knownAt.value })).graph;
  if (!found) return null;
  show(found.neighbours.nodes, key);
  return found.neighbours.endCursor;
}
