// Questions and their answers: one, or two side by side; as they are, and as they would be with other facts.
import { computed, effect, signal } from "@preact/signals";
import { ask, type Result } from "./api";
import type { Assurance, Outcome, Question } from "./generated/types";
import { at, fetchNodes, type Key, keyOf, knownAt, nodes, type Ref, show } from "./nodes";

export const LEVELS: readonly Assurance[] = ["BASIC", "LOW", "SUBSTANTIAL", "HIGH"];
export const ACTS = ["ORDINARY", "DISPOSAL", "PASSPORT", "IDENTITY_CARD", "RELOCATION"] as const;

// What somebody typed: a question, not yet checked.
export interface Form {
  representative: string;
  represented: string;
  service: string;
  assurance: Assurance;
  organisation: string;
  act: string;
  good: string;
  claim: string;
}

export type Explained = Result<"Explain">["explain"];
export type Supposed = Result<"WhatIf">["whatIf"];
// What both answers have.
export interface Answer {
  outcome: Outcome;
  reason: string;
  requiredConsents: readonly string[];
  stepUp: Assurance | null;
  validUntil: string | null;
  staleRegisters: readonly string[];
  reasons: Explained["decision"]["reasons"];
  readings: Explained["readings"];
  otherAuthorities: Explained["otherAuthorities"];
  registers: Explained["registers"];
  changes: Explained["changes"];
}

export const EMPTY: Form = {
  representative: "",
  represented: "",
  service: "",
  assurance: "SUBSTANTIAL",
  organisation: "",
  act: "",
  good: "",
  claim: "",
};

export type Place = 0 | 1;
export interface Asked {
  form: Form;
  // As it was sent, and answered.
  question: Question | null;
  explained: Explained | null;
  supposed: Supposed | null;
  wrong: string | null;
  busy: boolean;
}

function fresh(form: Form): Asked {
  return { form, question: null, explained: null, supposed: null, wrong: null, busy: false };
}

export const asked = signal<readonly [Asked, Asked]>([fresh(EMPTY), fresh(EMPTY)]);
export const comparing = signal(false);
// Which of both is lit up in the graph.
export const lit = signal<Place | null>(null);

export interface Supposition {
  add: readonly Record<string, unknown>[];
  remove: readonly Ref[];
}
export const supposition = signal<Supposition>({ add: [], remove: [] });

export function supposes(): boolean {
  return supposition.value.add.length + supposition.value.remove.length > 0;
}

function change(place: Place, changed: Partial<Asked>): void {
  const [first, second] = asked.value;
  asked.value = place === 0 ? [{ ...first, ...changed }, second] : [first, { ...second, ...changed }];
}

export function fill(place: Place, changed: Partial<Form>): void {
  change(place, { form: { ...asked.value[place].form, ...changed } });
}

export function compare(): void {
  asked.value = [asked.value[0], fresh({ ...asked.value[0].form, represented: "" })];
  comparing.value = true;
}

export function stopComparing(): void {
  comparing.value = false;
  asked.value = [asked.value[0], fresh(EMPTY)];
  if (lit.value === 1) lit.value = 0;
}

export function forget(): void {
  asked.value = [fresh(EMPTY), fresh(EMPTY)];
  comparing.value = false;
  lit.value = null;
  supposition.value = { add: [], remove: [] };
}

export function isComplete(form: Form): boolean {
  return form.representative !== "" && form.represented !== "" && form.service.includes("/");
}

// The question that a form asks, at the time that the page looks at.
export function questionOf(form: Form): Question {
  const said: Question = {
    representative: form.representative.trim(),
    represented: form.represented.trim(),
    provider: form.service.slice(0, form.service.lastIndexOf("/")).trim(),
    service: form.service.trim(),
    assurance: form.assurance,
  };
  if (at.value !== null) said.at = new Date(at.value).toISOString();
  if (knownAt.value !== null) said.knownAt = knownAt.value;
  if (form.organisation) said.organisation = form.organisation.trim();
  if (form.act) said.act = form.act as NonNullable<Question["act"]>;
  if (form.good) said.good = form.good;
  if (form.claim) said.claim = form.claim as NonNullable<Question["claim"]>;
  return said;
}

export async function submit(place: Place): Promise<void> {
  const { form } = asked.value[place];
  if (!isComplete(form)) return;
  const question = questionOf(form);
  change(place, { question, busy: true, wrong: null });
  try {
    const { explain } = await ask("Explain", { question });
    change(place, { explained: explain });
    await suppose(place, question);
    await bringIn(question, explain);
    lit.value = place;
  } catch (wrong) {
    change(place, { explained: null, supposed: null, wrong: String((wrong as Error).message) });
  } finally {
    change(place, { busy: false });
  }
}

async function suppose(place: Place, question: Question): Promise<void> {
  if (!supposes()) return change(place, { supposed: null });
  const { add, remove } = supposition.value;
  const left = remove.map(({ type, id }) => `${type} ${id}`);
  change(place, { supposed: (await ask("WhatIf", { question, add: [...add], remove: left })).whatIf });
}

// Other suppositions: what was asked is asked again. What is wrong with one is the caller's to show.
export async function supposeOf(next: Supposition): Promise<void> {
  const before = supposition.value;
  supposition.value = next;
  try {
    for (const place of [0, 1] as const) {
      const { question } = asked.value[place];
      if (question) await suppose(place, question);
    }
  } catch (wrong) {
    supposition.value = before;
    throw wrong;
  }
}

export function againIfAsked(): void {
  for (const place of [0, 1] as const) if (asked.value[place].question) void submit(place);
}

// The nodes on the way to an answer, in the order of the way.
export function pathOf(question: Question, explained: Explained): Ref[] {
  const grounds = explained.readings.flatMap((reading) => reading.grounds);
  const winning = grounds.filter((ground) => ground.counts);
  const way: Ref[] = [{ type: "person", id: question.representative }];
  if (question.organisation) way.push(...employmentsIn(explained), { type: "organisation", id: question.organisation });
  for (const ground of winning) way.push({ type: "authority", id: ground.authority.id });
  way.push({ type: "person", id: question.represented });
  for (const ground of winning) {
    const { register } = ground.authority;
    if (explained.registers.some((each) => each.id === register.id && each.stale && each.matters)) {
      way.push({ type: "register", id: register.id });
    }
  }
  return way;
}

// By which employments somebody acts for an organisation: the rules have looked whether they are in force.
function employmentsIn(explained: Explained): Ref[] {
  const looks = explained.readings.flatMap((reading) => reading.checks.flatMap((step) => step.looks));
  const found = looks.filter((look) => look.what === "IN_FORCE" && look.detail === "employment" && look.found === "true");
  return [...new Set(found.map((look) => look.of))].map((id) => ({ type: "employment", id }));
}

async function bringIn(question: Question, explained: Explained): Promise<void> {
  const consents = explained.decision.requiredConsents.filter((each) => each !== "COURT");
  const wanted = [
    ...pathOf(question, explained),
    ...explained.otherAuthorities.map(({ id }): Ref => ({ type: "authority", id })),
    ...consents.map((id): Ref => ({ type: "person", id })),
  ];
  const missing = wanted.filter((ref) => !nodes.value.has(keyOf(ref)));
  const found = await fetchNodes(missing);
  show(
    found.filter((node) => node.known || wanted.indexOf(node) < 0),
    keyOf({ type: "person", id: question.represented }),
  );
}

export const path = signal<ReadonlySet<Key>>(new Set());
effect(() => {
  const place = lit.value;
  const shown = place === null ? null : asked.value[place];
  const found = shown?.question && shown.explained ? pathOf(shown.question, shown.explained) : [];
  path.value = new Set(found.map(keyOf).filter((key) => nodes.value.has(key)));
});

// The lens: what the representative of the first question may do here, for each person that is shown.
export interface Seen {
  outcome: Outcome;
  reason: string;
  text: string;
}
export const seen = signal<ReadonlyMap<Key, Seen>>(new Map());
const LENS_MAX = 200;

let looking = 0;
async function look(): Promise<void> {
  const turn = ++looking;
  const { form } = asked.value[0];
  const self = keyOf({ type: "person", id: form.representative });
  if (form.representative === "" || !form.service.includes("/") || !nodes.value.has(self)) {
    seen.value = new Map();
    return;
  }
  const people = [...nodes.value.values()].filter((node) => node.type === "person" && keyOf(node) !== self);
  const questions = people
    .slice(0, LENS_MAX)
    .map((node): Question => ({ ...questionOf({ ...form, represented: node.id }), id: node.id }));
  if (questions.length === 0) {
    seen.value = new Map();
    return;
  }
  const { decisions } = await ask("Decisions", { questions });
  if (turn !== looking) return;
  const found = new Map<Key, Seen>();
  for (const { id, outcome, reason, reasons } of decisions) {
    if (id && reason !== "NO_GROUND" && reason !== "SERVICE_NOT_OFFERED") {
      found.set(keyOf({ type: "person", id }), { outcome, reason, text: reasons[0]?.text ?? "" });
    }
  }
  seen.value = found;
}

// Asked once typing and moving rest.
const REST_MS = 250;
const lensForm = computed(() => {
  const { representative, service, assurance, organisation, act } = asked.value[0].form;
  return [representative, service, assurance, organisation, act].join(" ");
});
const lensPeople = computed(() => [...nodes.value.keys()].filter((key) => key.startsWith("person ")).join(" "));
let resting = 0;
effect(() => {
  void [lensForm.value, lensPeople.value, at.value, knownAt.value];
  clearTimeout(resting);
  resting = window.setTimeout(() => void look().catch(() => (seen.value = new Map())), REST_MS);
});

// The people and offices shown, for whoever fills in a question.
export function shownIds(types: readonly Ref["type"][]): { id: string; name: string | null }[] {
  return [...nodes.value.values()].filter((node) => types.includes(node.type)).map(({ id, name }) => ({ id, name }));
}
