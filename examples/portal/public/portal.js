// src/client.ts
var MachtigenError = class extends Error {
  code;
  retryable;
  constructor(message, code, retryable) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
};
var PAUSE_MS_MAX = 1e4;
var SILENCE_MS_MAX = 4e4;
var Machtigen = class {
  #url;
  #token;
  #language;
  /** `token`: the bearer token of whoever is logged in now. `language`: of the texts, nl or en. */
  constructor(url, token, language = () => "nl") {
    this.#url = url;
    this.#token = token;
    this.#language = language;
  }
  /** The answer. Throws MachtigenError: an answer with errors is none, whatever else stands in it. */
  async ask(document2, variables) {
    const response = await this.#send(document2, variables, "application/graphql-response+json");
    return data(await response.json());
  }
  /**
   * Each event of a subscription, for ever: a connection that breaks is made again, after what was told last.
   * `resume` writes into the variables where to go on. `broken` is called when the connection breaks or falls silent:
   * what was told last is not known any more until the next event. Throws MachtigenError where trying again is of no
   * use.
   */
  async *follow(document2, variables, resume, signal, broken = () => void 0) {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const response = await this.#send(document2, variables, "text/event-stream", signal);
        for await (const event of events(response)) {
          const told2 = data(JSON.parse(event));
          failures = 0;
          variables = resume(variables, told2);
          yield told2;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof MachtigenError && !error.retryable) {
          broken();
          throw error;
        }
      }
      if (signal.aborted) return;
      broken();
      failures += 1;
      await pause(Math.min(250 * 2 ** failures, PAUSE_MS_MAX) * (0.5 + Math.random() / 2), signal);
    }
  }
  async #send(document2, variables, accept, signal = null) {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: {
        accept,
        authorization: `Bearer ${this.#token()}`,
        "accept-language": this.#language(),
        "content-type": "application/json"
      },
      body: JSON.stringify({ query: document2.toString(), variables }),
      signal
    });
    const type = response.headers.get("content-type") ?? "";
    if (!type.includes("json") && !type.startsWith("text/event-stream"))
      throw new MachtigenError(`the service answers ${response.status}`, "NO_ANSWER", response.status >= 500);
    if (accept === "text/event-stream" && type.includes("json")) data(await response.json());
    return response;
  }
};
function data(answer) {
  const [error] = answer.errors ?? [];
  if (error)
    throw new MachtigenError(error.message, error.extensions?.code ?? "", error.extensions?.retryable ?? false);
  if (answer.data === void 0 || answer.data === null) throw new MachtigenError("no data", "NO_ANSWER", true);
  return answer.data;
}
async function* events(response) {
  if (!response.body) return;
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (; ; ) {
      const { done, value } = await soon(reader.read());
      if (done) return;
      rest += value;
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const lines = block.split("\n");
        if (lines.includes("event: complete")) return;
        const said = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart());
        if (said.length) yield said.join("\n");
      }
    }
  } finally {
    void reader.cancel().catch(() => void 0);
  }
}
function soon(promised) {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error("the service says nothing")), SILENCE_MS_MAX);
    promised.then(done, failed).finally(() => clearTimeout(timer));
  });
}
function pause(ms, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}

// src/generated/graphql.ts
var TypedDocumentString = class extends String {
  __apiType;
  value;
  __meta__;
  constructor(value, __meta__) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }
  toString() {
    return this.value;
  }
};
var ShownFragmentDoc = new TypedDocumentString(`
    fragment Shown on Decision {
  outcome
  reason
  stepUp
  requiredConsents
  validUntil
  asOf
  reasons {
    code
    text
  }
  grounds {
    id
    kind
    status
    validUntil
  }
}
    `, { "fragmentName": "Shown" });
var PlacesDocument = new TypedDocumentString(`
    query Places($after: String) {
  providers(first: 100, after: $after) {
    nodes {
      id
      name
      live
      services {
        id
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `);
var WhomDocument = new TypedDocumentString(`
    query Whom($representative: ID!, $provider: ID!, $service: ID!, $assurance: Assurance!, $organisation: ID, $after: String) {
  representedBy(
    representative: $representative
    provider: $provider
    service: $service
    assurance: $assurance
    organisation: $organisation
    first: 50
    after: $after
  ) {
    nodes {
      person {
        id
        name
      }
      decision {
        outcome
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `);
var DecideDocument = new TypedDocumentString(`
    query Decide($question: Question!, $atLeast: String) {
  decision(question: $question, atLeast: $atLeast) {
    ...Shown
  }
}
    fragment Shown on Decision {
  outcome
  reason
  stepUp
  requiredConsents
  validUntil
  asOf
  reasons {
    code
    text
  }
  grounds {
    id
    kind
    status
    validUntil
  }
}`);
var FollowDocument = new TypedDocumentString(`
    subscription Follow($question: Question!, $after: String) {
  decisionChanged(question: $question, after: $after) {
    cause
    resume
    decision {
      ...Shown
    }
  }
}
    fragment Shown on Decision {
  outcome
  reason
  stepUp
  requiredConsents
  validUntil
  asOf
  reasons {
    code
    text
  }
  grounds {
    id
    kind
    status
    validUntil
  }
}`);
var WithdrawDocument = new TypedDocumentString(`
    mutation Withdraw($id: ID!) {
  withdrawMandate(id: $id) {
    asOf
    userErrors {
      code
      message
    }
  }
}
    `);

// ../portal/src/dom.ts
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(attribute, value);
    else if (typeof value === "string") element.setAttribute(attribute, value);
    else if (value) element.setAttribute(attribute, "");
  }
  element.append(...children);
  return element;
}
function choices(name, legend, options, chosen) {
  return el(
    "fieldset",
    {},
    el("legend", {}, legend),
    ...options.map(({ value, label, hint }, place) => {
      const id = `${name}-${place}`;
      return el(
        "div",
        { class: "choice" },
        el("input", { type: "radio", id, name, value, required: true, checked: value === chosen }),
        el("label", { for: id }, el("span", {}, label), ...hint ? [el("small", {}, hint)] : [])
      );
    })
  );
}

// ../portal/src/words.ts
var nl = {
  title: "Voor wie handelt u?",
  demo: "Voorbeeld met verzonnen mensen uit Duinstad. Niemand is echt.",
  otherLanguage: "English",
  back: "Terug",
  next: "Verder",
  steps: ["Inloggen", "Dienst", "Voor wie", "Handelen"],
  login: {
    heading: "Inloggen",
    who: "Wie bent u?",
    level: "Hoe logt u in?",
    levels: { BASIC: "Met gebruikersnaam en wachtwoord", SUBSTANTIAL: "Met de app en een gecontroleerd identiteitsbewijs" },
    button: "Inloggen"
  },
  service: { heading: "Wat wilt u doen?", what: "Kies een dienst" },
  whom: {
    heading: (service2) => `${service2}: voor wie?`,
    legend: "Voor wie handelt u?",
    myself: "Voor mijzelf",
    needsConsent: "Er is nog toestemming nodig",
    nobody: "U kunt hier voor niemand anders handelen.",
    missing: "Staat iemand er niet bij? Dan ziet deze dienst geen geldige machtiging of ander gezag. Ga naar de balie."
  },
  acting: {
    heading: (name) => `U handelt voor ${name}`,
    forMyself: "U handelt voor uzelf",
    outcomes: {
      PERMIT: "U mag dit",
      DENY: "U mag dit niet",
      CONSENT_REQUIRED: "Er is nog toestemming nodig",
      INDETERMINATE: "We kunnen het niet vaststellen: ga naar de balie"
    },
    ground: "Grond",
    until: "Geldt tot",
    consents: "Toestemming nodig van",
    stepUp: "Log in met een hoger betrouwbaarheidsniveau.",
    withdraw: "Machtiging intrekken",
    withdrawHint: "Na het intrekken kunt u niet meer voor deze persoon handelen.",
    history: "Wat er veranderde",
    broken: "De verbinding is verbroken: het antwoord is nu niet bekend. De pagina probeert het opnieuw.",
    following: "Deze pagina volgt het antwoord: zodra het verandert, ziet u dat hier.",
    causes: { START: "bij het openen", FACT: "er is iets nieuws bekend", TIME: "het moment is gekomen" }
  },
  kinds: {
    VOLUNTARY_MANDATE: "vrijwillige machtiging",
    PARENTAL_SOLE: "ouderlijk gezag",
    PARENTAL_JOINT: "gezamenlijk ouderlijk gezag",
    SHARED_AUTHORITY: "gezamenlijk gezag",
    GUARDIANSHIP: "voogdij",
    CURATELE: "curatele",
    BEWIND: "bewind",
    MENTORSCHAP: "mentorschap",
    NEXT_OF_KIN_MANDATE: "nabestaandenmachtiging",
    HEIR: "erfgenaam",
    EXECUTOR: "executeur"
  },
  wrong: "Dat lukte niet"
};
var en = {
  title: "Whom are you acting for?",
  demo: "An example with invented people of Duinstad. Nobody is real.",
  otherLanguage: "Nederlands",
  back: "Back",
  next: "Next",
  steps: ["Log in", "Service", "For whom", "Acting"],
  login: {
    heading: "Log in",
    who: "Who are you?",
    level: "How do you log in?",
    levels: { BASIC: "With a name and a password", SUBSTANTIAL: "With the app and a checked identity document" },
    button: "Log in"
  },
  service: { heading: "What do you want to do?", what: "Choose a service" },
  whom: {
    heading: (service2) => `${service2}: for whom?`,
    legend: "Whom are you acting for?",
    myself: "For myself",
    needsConsent: "Somebody must still consent",
    nobody: "You can act for nobody else here.",
    missing: "Is somebody missing? Then this service sees no valid mandate or other authority. Please go to the counter."
  },
  acting: {
    heading: (name) => `You are acting for ${name}`,
    forMyself: "You are acting for yourself",
    outcomes: {
      PERMIT: "You may do this",
      DENY: "You may not do this",
      CONSENT_REQUIRED: "Somebody must still consent",
      INDETERMINATE: "We cannot tell: please go to the counter"
    },
    ground: "Ground",
    until: "Holds until",
    consents: "Consent needed from",
    stepUp: "Log in at a higher level of assurance.",
    withdraw: "Withdraw the mandate",
    withdrawHint: "Once it is withdrawn you can no longer act for this person.",
    history: "What changed",
    broken: "The connection is lost: the answer is not known now. The page tries again.",
    following: "This page follows the answer: as soon as it changes, you see it here.",
    causes: { START: "when opened", FACT: "something new is known", TIME: "the moment has come" }
  },
  kinds: {
    VOLUNTARY_MANDATE: "voluntary mandate",
    PARENTAL_SOLE: "parental authority",
    PARENTAL_JOINT: "joint parental authority",
    SHARED_AUTHORITY: "shared authority",
    GUARDIANSHIP: "guardianship",
    CURATELE: "curatele (guardianship of an adult)",
    BEWIND: "bewind (administration of property)",
    MENTORSCHAP: "mentorschap (deciding on care)",
    NEXT_OF_KIN_MANDATE: "next-of-kin mandate",
    HEIR: "heir",
    EXECUTOR: "executor"
  },
  wrong: "That did not work"
};
var WORDS = { nl, en };
var PEOPLE = [
  { id: "ingrid", name: "Ingrid van Dijk", about: { nl: "haar moeder Ria machtigde haar", en: "mandated by her mother Ria" } },
  { id: "sanne", name: "Sanne de Vries", about: { nl: "moeder van Lotte en Daan", en: "mother of Lotte and Daan" } },
  { id: "peter", name: "Peter van Dijk", about: { nl: "zijn machtiging is ingetrokken", en: "his mandate was withdrawn" } },
  {
    id: "karin",
    name: "Karin",
    about: { nl: "werkt bij bewindvoerderskantoor Kompas", en: "works for the administrators Kompas" },
    organisation: "kompas"
  }
];
var SERVICES = [
  { provider: "zeeduin", service: "zeeduin/record", name: { nl: "Dossier inzien, ziekenhuis Zeeduin", en: "See a record, Zeeduin hospital" } },
  {
    provider: "zeeduin",
    service: "zeeduin/treatment",
    name: { nl: "Instemmen met een behandeling, ziekenhuis Zeeduin", en: "Agree to a treatment, Zeeduin hospital" }
  },
  { provider: "molenhof", service: "molenhof/record", name: { nl: "Dossier inzien, huisarts De Molenhof", en: "See a record, GP De Molenhof" } },
  { provider: "zonnepolis", service: "zonnepolis/policy", name: { nl: "Polis beheren, Zonnepolis", en: "Manage a policy, Zonnepolis" } },
  { provider: "belastingen", service: "belastingen/return", name: { nl: "Belastingaangifte doen", en: "File a tax return" } }
];

// ../portal/src/main.ts
var STEPS = ["login", "service", "whom", "acting"];
var state = {
  language: navigator.language.startsWith("en") ? "en" : "nl",
  step: "login",
  who: PEOPLE[0],
  level: "SUBSTANTIAL",
  token: "",
  service: SERVICES[0],
  people: [],
  whom: ""
};
var following = new AbortController();
var machtigen = new Machtigen("/graphql", () => state.token, () => state.language);
var main = document.querySelector("main");
var words = () => WORDS[state.language];
function question() {
  const { who, service: service2, level, whom: whom2 } = state;
  const asked = {
    representative: who.id,
    represented: whom2,
    provider: service2.provider,
    service: service2.service,
    assurance: level
  };
  return who.organisation && whom2 !== who.id ? { ...asked, organisation: who.organisation } : asked;
}
function go(step) {
  following.abort();
  following = new AbortController();
  state.step = step;
  show();
  main.querySelector("h2")?.focus();
  window.scrollTo(0, 0);
}
function show() {
  const said = words();
  document.documentElement.lang = state.language;
  document.title = said.title;
  document.querySelector("h1").textContent = said.title;
  document.querySelector("#demo").textContent = said.demo;
  const language = document.querySelector("#language");
  language.textContent = said.otherLanguage;
  language.setAttribute("lang", state.language === "nl" ? "en" : "nl");
  document.querySelector("#steps").replaceChildren(
    ...STEPS.map(
      (step, place) => el("li", step === state.step ? { "aria-current": "step" } : {}, said.steps[place] ?? "")
    )
  );
  main.replaceChildren(...{ login, service, whom, acting }[state.step]());
}
function heading(text) {
  return el("h2", { tabindex: "-1" }, text);
}
function form(submit, ...children) {
  const made = el(
    "form",
    {
      submit: (event) => {
        event.preventDefault();
        void attempt(made, () => submit(new FormData(made)));
      }
    },
    ...children
  );
  return made;
}
async function attempt(where, work) {
  const buttons2 = where.querySelectorAll("button");
  buttons2.forEach((button) => button.disabled = true);
  await told(where, work);
  buttons2.forEach((button) => button.disabled = false);
}
async function told(where, work) {
  where.querySelector(".wrong")?.remove();
  try {
    await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    where.prepend(el("div", { class: "wrong", role: "alert" }, el("strong", {}, words().wrong), el("p", {}, why)));
  }
}
function buttons(label, back) {
  return el(
    "div",
    { class: "buttons" },
    el("button", { type: "submit" }, label),
    ...back ? [el("button", { type: "button", class: "plain", click: () => go(back) }, words().back)] : []
  );
}
function login() {
  const said = words().login;
  const people = PEOPLE.map(({ id, name, about }) => ({ value: id, label: name, hint: about[state.language] }));
  const levels = Object.entries(said.levels).map(([value, label]) => ({ value, label }));
  return [
    heading(said.heading),
    form(
      async (chosen) => {
        state.who = PEOPLE.find(({ id }) => id === chosen.get("who")) ?? state.who;
        state.level = chosen.get("level");
        await logIn();
        go("service");
      },
      choices("who", said.who, people, state.who.id),
      choices("level", said.level, levels, state.level),
      buttons(said.button)
    )
  ];
}
async function logIn() {
  const asked = new URLSearchParams({ role: "citizen", sub: state.who.id, assurance: state.level.toLowerCase() });
  const response = await fetch(`/dev/token?${asked}`, { headers: { accept: "application/json" } });
  if (!response.ok) throw new MachtigenError(`/dev/token: ${response.status}`, "NO_ANSWER", true);
  state.token = (await response.json()).access_token;
}
function service() {
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
      buttons(words().next, "login")
    )
  ];
}
async function choose() {
  state.people = await everybody();
  state.whom = state.people[0]?.person.id ?? state.who.id;
  go("whom");
}
async function everybody() {
  const found = [];
  let after = null;
  do {
    const page = (await machtigen.ask(WhomDocument, {
      representative: state.who.id,
      provider: state.service.provider,
      service: state.service.service,
      assurance: state.level,
      organisation: state.who.organisation ?? null,
      after
    })).representedBy;
    found.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after);
  return found;
}
function whom() {
  const said = words().whom;
  const options = [
    ...state.people.map(({ person, decision }) => ({
      value: person.id,
      label: person.name ?? person.id,
      ...decision.outcome === "CONSENT_REQUIRED" ? { hint: said.needsConsent } : {}
    })),
    { value: state.who.id, label: said.myself }
  ];
  return [
    heading(said.heading(state.service.name[state.language])),
    ...state.people.length ? [] : [el("p", {}, said.nobody)],
    form(
      (chosen) => {
        state.whom = String(chosen.get("whom"));
        go("acting");
      },
      choices("whom", said.legend, options, state.whom),
      el("p", { class: "hint" }, said.missing),
      buttons(words().next, "service")
    )
  ];
}
function acting() {
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
      el("button", { type: "button", class: "plain", click: () => void told(main, choose) }, words().back)
    )
  ];
}
async function follow(decision, history, signal) {
  const changes = machtigen.follow(
    FollowDocument,
    { question: question() },
    (variables) => variables,
    // not after what was told last: once it broke, the present answer is to be told again
    signal,
    () => decision.replaceChildren(el("p", { class: "broken" }, words().acting.broken))
  );
  for await (const { decisionChanged } of changes) {
    decision.replaceChildren(...shown(decisionChanged.decision));
    history.prepend(entry(decisionChanged.cause, decisionChanged.decision));
  }
}
function shown(decision) {
  const said = words().acting;
  const about = decision.grounds.map(({ kind }) => [said.ground, words().kinds[kind] ?? kind]);
  if (decision.requiredConsents.length) about.push([said.consents, decision.requiredConsents.map(named).join(", ")]);
  if (decision.validUntil) about.push([said.until, moment(decision.validUntil)]);
  const mandate = decision.outcome === "PERMIT" && decision.grounds.find(({ kind }) => kind === "VOLUNTARY_MANDATE");
  return [
    el("p", { class: `outcome ${decision.outcome.toLowerCase()}` }, said.outcomes[decision.outcome]),
    el("p", {}, decision.reasons[0]?.text ?? ""),
    ...decision.stepUp ? [el("p", {}, said.stepUp)] : [],
    ...about.length ? [el("dl", {}, ...about.flatMap(([term, what]) => [el("dt", {}, term), el("dd", {}, what)]))] : [],
    ...mandate ? [withdrawal(mandate.id)] : []
  ];
}
function withdrawal(id) {
  const said = words().acting;
  return form(
    async () => {
      const { withdrawMandate } = await machtigen.ask(WithdrawDocument, { id });
      const [error] = withdrawMandate.userErrors;
      if (error) throw new MachtigenError(error.message, error.code, false);
    },
    el("button", { type: "submit", class: "warn", "aria-describedby": "withdraw-hint" }, said.withdraw),
    el("p", { class: "hint", id: "withdraw-hint" }, said.withdrawHint)
  );
}
function entry(cause, decision) {
  const said = words().acting;
  const time = el("time", {}, (/* @__PURE__ */ new Date()).toLocaleTimeString(state.language));
  return el("li", {}, time, ` ${said.outcomes[decision.outcome]} (${said.causes[cause]})`);
}
function named(id) {
  return state.people.find(({ person }) => person.id === id)?.person.name ?? id;
}
function moment(instant) {
  return new Date(instant).toLocaleString(state.language, { dateStyle: "long", timeStyle: "short" });
}
document.querySelector("#language").addEventListener("click", () => {
  state.language = state.language === "nl" ? "en" : "nl";
  go(state.step);
});
show();
