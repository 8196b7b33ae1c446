// The page's address says what is shown, behind the # that no server ever sees: ids and times, never a name or a BSN.
import { effect, signal } from "@preact/signals";
import { asked, comparing, EMPTY, fill, type Form, type Place, submit } from "./asking";
import type { Assurance } from "./generated/types";
import { at, type Key, keyOf, knownAt, nodes, type Ref, refOf, selected, fetchNodes, show } from "./nodes";

import { tab } from "./shell";

export type View = "graph" | "live" | "playground";
export const view = signal<View>("graph");
export const asTable = signal(false);

const NODES_MAX = 300;
const FIELDS: Record<keyof Form, string> = {
  representative: "rep",
  represented: "for",
  service: "service",
  assurance: "level",
  organisation: "org",
  act: "act",
  good: "good",
  claim: "claim",
};

const ID = /^[A-Za-z0-9._:/-]{1,128}$/;

// What was typed for an id may be a name, and a BSN may have dots in it.
function isPrivate(id: string): boolean {
  return !ID.test(id) || /^bsn:/i.test(id) || /^\d{8,9}$/.test(id.replace(/[._:/-]/g, ""));
}

export function address(): string {
  const said = new URLSearchParams();
  for (const key of [...nodes.value.keys()].slice(0, NODES_MAX)) {
    const { type, id } = refOf(key);
    if (!isPrivate(id)) said.append("n", `${type}:${id}`);
  }
  if (selected.value !== null && !isPrivate(refOf(selected.value).id)) {
    const { type, id } = refOf(selected.value);
    said.set("on", `${type}:${id}`);
  }
  if (at.value !== null) said.set("at", new Date(at.value).toISOString());
  if (knownAt.value !== null) said.set("known", knownAt.value);
  if (asTable.value) said.set("table", "1");
  for (const place of comparing.value ? ([0, 1] as const) : ([0] as const)) writeForm(said, place);
  const text = said.toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return `#/${view.value}${text ? `?${text}` : ""}`;
}

function writeForm(said: URLSearchParams, place: Place): void {
  const { form } = asked.value[place];
  for (const [field, name] of Object.entries(FIELDS) as [keyof Form, string][]) {
    const value = form[field];
    // what is called a good may be anything, a house's address too
    if (value && value !== EMPTY[field] && field !== "good" && !isPrivate(value)) said.set(`${name}${place || ""}`, value);
  }
}

// Open what an address says.
export async function open(hash: string): Promise<void> {
  const [path, query] = hash.replace(/^#\/?/, "").split("?", 2);
  view.value = path === "live" || path === "playground" ? path : "graph";
  const said = new URLSearchParams(query ?? "");
  const moment = said.get("at");
  at.value = moment === null || Number.isNaN(Date.parse(moment)) ? null : Date.parse(moment);
  const known = said.get("known");
  knownAt.value = known !== null && !Number.isNaN(Date.parse(known)) ? known : null;
  asTable.value = said.get("table") === "1";
  const refs = said.getAll("n").map(refIn).filter((ref) => ref !== null);
  if (refs.length > 0) {
    const wanted = refs.slice(0, NODES_MAX);
    let before: Key | null = null;
    for (const node of await fetchNodes(wanted)) {
      show([node], before);
      before ??= keyOf(node);
    }
  }
  const on = refIn(said.get("on") ?? "");
  if (on) selected.value = keyOf(on);
  comparing.value = said.has("rep1") || said.has("for1");
  for (const place of [0, 1] as const) {
    const form = readForm(said, place);
    fill(place, form);
    if (form.representative) tab.value = "question";
    if (form.representative && form.represented && form.service) await submit(place);
  }
}

function readForm(said: URLSearchParams, place: Place): Form {
  const form = { ...EMPTY };
  for (const [field, name] of Object.entries(FIELDS) as [keyof Form, string][]) {
    const value = said.get(`${name}${place || ""}`);
    if (value) Object.assign(form, { [field]: value });
  }
  if (!["BASIC", "LOW", "SUBSTANTIAL", "HIGH"].includes(form.assurance)) form.assurance = "SUBSTANTIAL" satisfies Assurance;
  return form;
}

function refIn(text: string): Ref | null {
  const colon = text.indexOf(":");
  return colon > 0 ? refOf(`${text.slice(0, colon)} ${text.slice(colon + 1)}`) : null;
}

// Only the page's own changes go into the address, and they make no history of their own.
let kept = false;
export function keepAddress(): void {
  if (kept) return;
  kept = true;
  let last = "";
  effect(() => {
    const next = address();
    if (next !== last) {
      last = next;
      history.replaceState(null, "", next);
    }
  });
}
