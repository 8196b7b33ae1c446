// "Whom am I acting for?": log in, choose a service, choose a person, see the decision, and see it change.
// The address says nothing of who that is: everything is forgotten with the page.

import { Machtigen, MachtigenError } from "../../typescript/src/client.ts";
import {
  FollowDocument,
  WhomDocument,
  WithdrawDocument,
  type Assurance,
  type DecisionCause,
  type Question,
  type ShownFragment,
  type WhomQuery,
} from "../../typescript/src/generated/graphql.ts";
import { choices, el } from "./dom.ts";
import { PEOPLE, SERVICES, WORDS, type Language } from "./words.ts";

type Step = "login" | "service" | "whom" | "acting";
type Person = WhomQuery["representedBy"]["nodes"][number];

const STEPS: Step[] = ["login", "service", "whom", "acting"];

const state = {
  language: (navigator.language.startsWith("en") ? "en" : "nl") as Language,
  step: "login" as Step,
  who: PEOPLE[0]!,
  level: "SUBSTANTIAL" as Assurance,
  token: "",
  service: SERVICES[0]!,
  people: [] as Person[],
  whom: "",
};
let following = new AbortController();

const machtigen = new Machtigen("/graphql", () => state.token, () => state.language);
const main = document.querySelector("main")!;
const words = () => WORDS[state.language];

function question(): Question {
  const { who, service, level, whom } = state;
  const asked: Question = {
    representative: who.id,
    represented: whom,
    provider: service.provider,
    service: service.service,
    assurance: level,
  };
  return who.organisation && whom !== who.id ? { ...asked, organisation: who.organisation } : asked;
}

/** Go to a step. Its heading gets the focus, so that whoever hears the page hears where they are. */
function go(step: Step): void {
  following.abort();
  following = new AbortController();
  state.step = step;
  show();
  main.querySelector("h2")?.focus();
  window.scrollTo(0, 0);
}

function show(): void {
  const said = words();
  document.documentElement.lang = state.language;
  document.title = said.title;
  document.querySelector("h1")!.textContent = said.title;
  document.querySelector("#demo")!.textContent = said.demo;
  const language = document.querySelector("#language")!;
  language.textContent = said.otherLanguage;
  language.setAttribute("lang", state.language === "nl" ? "en" : "nl");
  document.querySelector("#steps")!.replaceChildren(
    ...STEPS.map((step, place) =>
      el("li", step === state.step ? { "aria-current": "step" } : {}, said.steps[place] ?? ""),
    ),
  );
  main.replaceChildren(...{ login, service, whom, acting }[state.step]());
}

function heading(text: string): HTMLHeadingElement {
  return el("h2", { tabindex: "-1" }, text);
}

function form(submit: (chosen: FormData) => void | Promise<void>, ...children: (Node | string)[]): HTMLFormElement {
  const made: HTMLFormElement = el(
    "form",
    {
      submit: (event) => {
        event.preventDefault();
        void attempt(made, () => submit(new FormData(made)));
      },
    },
    ...children,
  );
  return made;
}

/** Do what a form asks, once at a time. */
async function attempt(where: HTMLFormElement, work: () => void | Promise<void>): Promise<void> {
  const buttons = where.querySelectorAll("button");
  buttons.forEach((button) => (button.disabled = true));
  await told(where, work);
  buttons.forEach((button) => (button.disabled = false));
}

/** Do it; what goes wrong is told at the top, and read out. */
async function told(where: HTMLElement, work: () => void | Promise<void>): Promise<void> {
  where.querySelector(".wrong")?.remove();
  try {
    await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    where.prepend(el("div", { class: "wrong", role: "alert" }, el("strong", {}, words().wrong), el("p", {}, why)));
  }
}

function buttons(label: string, back?: Step): HTMLElement {
  return el(
    "div",
    { class: "buttons" },
    el("button", { type: "submit" }, label),
    ...(back ? [el("button", { type: "button", class: "plain", click: () => go(back) }, words().back)] : []),
  );
}

// the four steps

function login(): Node[] {
  const said = words().login;
  const people = PEOPLE.map(({ id, name, about }) => ({ value: id, label: name, hint: about[state.language] }));
  const levels = Object.entries(said.levels).map(([value, label]) => ({ value, label }));
  return [
    heading(said.heading),
    form(
      async (chosen) => {
        state.who = PEOPLE.find(({ id }) => id === chosen.get("who")) ?? state.who;
        state.level = chosen.get("level") as Assurance;
        await logIn();
        go("service");
      },
      choices("who", said.who, people, state.who.id),
      choices("level", said.level, levels, state.level),
      buttons(said.button),
    ),
  ];
}

/** A real portal gets its token from its own login (OpenID Connect); the demo's service gives one to whoever asks. */
async function logIn(): Promise<void> {
  const asked = new URLSearchParams({ role: "citizen", sub: state.who.id, assurance: state.level.toLowerCase() });
  const response = await fetch(`/dev/token?${asked}`, { headers: { accept: "application/json" } });
  if (!response.ok) throw new MachtigenError(`/dev/token: ${response.status}`, "NO_ANSWER", true);
  state.token = ((await response.json()) as { access_token: string }).access_token;
}

function service(): Node[] {
  const said = words().service;
  const services = SERVICES.map((each) => ({ value: each.service, label: each.name[state.language] }));
  return [
    heading(said.heading),
    form(
      async (chosen) => {
        state.service = SERVICES.find((each) => each.service === chosen.get("service")) ?? state.service;
        await choose();
      },
      choices("service", said.what, services, state.service.service),
      buttons(words().next, "login"),
    ),
  ];
}

/** Choose a person, among those for whom it is possible now. */
async function choose(): Promise<void> {
  state.people = await everybody();
  state.whom = state.people[0]?.person.id ?? state.who.id;
  go("whom");
}

/** Whom one may act for, page after page. */
async function everybody(): Promise<Person[]> {
  const found: Person[] = [];
  let after: string | null | undefined = null;
  do {
    const page: WhomQuery["representedBy"] = (
      await machtigen.ask(WhomDocument, {
        representative: state.who.id,
        provider: state.service.provider,
        service: state.service.service,
        assurance: state.level,
        organisation: state.who.organisation ?? null,
        after,
      })
    ).representedBy;
    found.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  return found;
}

function whom(): Node[] {
  const said = words().whom;
  const options = [
    ...state.people.map(({ person, decision }) => ({
      value: person.id,
      label: person.name ?? person.id,
      ...(decision.outcome === "CONSENT_REQUIRED" ? { hint: said.needsConsent } : {}),
    })),
    { value: state.who.id, label: said.myself },
  ];
  return [
    heading(said.heading(state.service.name[state.language])),
    ...(state.people.length ? [] : [el("p", {}, said.nobody)]),
    form(
      (chosen) => {
        state.whom = String(chosen.get("whom"));
        go("acting");
      },
      choices("whom", said.legend, options, state.whom),
      el("p", { class: "hint" }, said.missing),
      buttons(words().next, "service"),
    ),
  ];
}

function acting(): Node[] {
  const said = words().acting;
  const name = state.people.find(({ person }) => person.id === state.whom)?.person.name ?? state.whom;
  const decision = el("div", { id: "decision", role: "status", "aria-live": "polite" });
  const history = el("ol", { id: "history" });
  const { signal } = following;
  void told(main, () => follow(decision, history, signal));
  return [
    heading(state.whom === state.who.id ? said.forMyself : said.heading(name)),
    el("p", {}, state.service.name[state.language]),
    decision,
    el("p", { class: "hint" }, said.following),
    el("h3", {}, said.history),
    history,
    el(
      "div",
      { class: "buttons" },
      el("button", { type: "button", class: "plain", click: () => void told(main, choose) }, words().back),
    ),
  ];
}

/** Show the decision, and each one that differs from it, until the page goes elsewhere. */
async function follow(decision: HTMLElement, history: HTMLElement, signal: AbortSignal): Promise<void> {
  const changes = machtigen.follow(
    FollowDocument,
    { question: question() },
    (variables) => variables, // not after what was told last: once it broke, the present answer is to be told again
    signal,
    () => decision.replaceChildren(el("p", { class: "broken" }, words().acting.broken)),
  );
  for await (const { decisionChanged } of changes) {
    decision.replaceChildren(...shown(decisionChanged.decision));
    history.prepend(entry(decisionChanged.cause, decisionChanged.decision));
  }
}

function shown(decision: ShownFragment): Node[] {
  const said = words().acting;
  const about: [string, string][] = decision.grounds.map(({ kind }) => [said.ground, words().kinds[kind] ?? kind]);
  if (decision.requiredConsents.length) about.push([said.consents, decision.requiredConsents.map(named).join(", ")]);
  if (decision.validUntil) about.push([said.until, moment(decision.validUntil)]);
  const mandate = decision.outcome === "PERMIT" && decision.grounds.find(({ kind }) => kind === "VOLUNTARY_MANDATE");
  return [
    el("p", { class: `outcome ${decision.outcome.toLowerCase()}` }, said.outcomes[decision.outcome]),
    el("p", {}, decision.reasons[0]?.text ?? ""),
    ...(decision.stepUp ? [el("p", {}, said.stepUp)] : []),
    ...(about.length ? [el("dl", {}, ...about.flatMap(([term, what]) => [el("dt", {}, term), el("dd", {}, what)]))] : []),
    ...(mandate ? [withdrawal(mandate.id)] : []),
  ];
}

/** What the page does after it: nothing. The decision changes, and it is told. */
function withdrawal(id: string): HTMLFormElement {
  const said = words().acting;
  return form(
    async () => {
      const { withdrawMandate } = await machtigen.ask(WithdrawDocument, { id });
      const [error] = withdrawMandate.userErrors;
      if (error) throw new MachtigenError(error.message, error.code, false);
    },
    el("button", { type: "submit", class: "warn", "aria-describedby": "withdraw-hint" }, said.withdraw),
    el("p", { class: "hint", id: "withdraw-hint" }, said.withdrawHint),
  );
}

function entry(cause: DecisionCause, decision: ShownFragment): HTMLLIElement {
  const said = words().acting;
  const time = el("time", {}, new Date().toLocaleTimeString(state.language));
  return el("li", {}, time, ` ${said.outcomes[decision.outcome]} (${said.causes[cause]})`);
}

function named(id: string): string {
  return state.people.find(({ person }) => person.id === id)?.person.name ?? id;
}

function moment(instant: string): string {
  return new Date(instant).toLocaleString(state.language, { dateStyle: "long", timeStyle: "short" });
}

document.querySelector("#language")!.addEventListener("click", () => {
  state.language = state.language === "nl" ? "en" : "nl";
  go(state.step);
});
show();
