// Everything that the page says, in both languages. What a decision says comes from the service.

import type { AuthorityKind, Outcome } from "../../typescript/src/generated/graphql.ts";

export type Language = "nl" | "en";

export interface Words {
  title: string;
  demo: string;
  otherLanguage: string;
  back: string;
  next: string;
  steps: [string, string, string, string];
  login: {
    heading: string;
    who: string;
    level: string;
    levels: { BASIC: string; SUBSTANTIAL: string };
    button: string;
  };
  service: { heading: string; what: string };
  whom: {
    heading: (service: string) => string;
    legend: string;
    myself: string;
    needsConsent: string;
    nobody: string;
    missing: string;
  };
  acting: {
    heading: (name: string) => string;
    forMyself: string;
    outcomes: Record<Outcome, string>;
    ground: string;
    until: string;
    consents: string;
    stepUp: string;
    withdraw: string;
    withdrawHint: string;
    history: string;
    following: string;
    broken: string;
    causes: { START: string; FACT: string; TIME: string };
  };
  kinds: Partial<Record<AuthorityKind, string>>;
  wrong: string;
}

const nl: Words = {
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
    button: "Inloggen",
  },
  service: { heading: "Wat wilt u doen?", what: "Kies een dienst" },
  whom: {
    heading: (service) => `${service}: voor wie?`,
    legend: "Voor wie handelt u?",
    myself: "Voor mijzelf",
    needsConsent: "Er is nog toestemming nodig",
    nobody: "U kunt hier voor niemand anders handelen.",
    missing: "Staat iemand er niet bij? Dan ziet deze dienst geen geldige machtiging of ander gezag. Ga naar de balie.",
  },
  acting: {
    heading: (name) => `U handelt voor ${name}`,
    forMyself: "U handelt voor uzelf",
    outcomes: {
      PERMIT: "U mag dit",
      DENY: "U mag dit niet",
      CONSENT_REQUIRED: "Er is nog toestemming nodig",
      INDETERMINATE: "We kunnen het niet vaststellen: ga naar de balie",
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
    causes: { START: "bij het openen", FACT: "er is iets nieuws bekend", TIME: "het moment is gekomen" },
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
    EXECUTOR: "executeur",
  },
  wrong: "Dat lukte niet",
};

const en: Words = {
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
    button: "Log in",
  },
  service: { heading: "What do you want to do?", what: "Choose a service" },
  whom: {
    heading: (service) => `${service}: for whom?`,
    legend: "Whom are you acting for?",
    myself: "For myself",
    needsConsent: "Somebody must still consent",
    nobody: "You can act for nobody else here.",
    missing: "Is somebody missing? Then this service sees no valid mandate or other authority. Please go to the counter.",
  },
  acting: {
    heading: (name) => `You are acting for ${name}`,
    forMyself: "You are acting for yourself",
    outcomes: {
      PERMIT: "You may do this",
      DENY: "You may not do this",
      CONSENT_REQUIRED: "Somebody must still consent",
      INDETERMINATE: "We cannot tell: please go to the counter",
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
    causes: { START: "when opened", FACT: "something new is known", TIME: "the moment has come" },
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
    EXECUTOR: "executor",
  },
  wrong: "That did not work",
};

export const WORDS: Record<Language, Words> = { nl, en };

interface Both {
  nl: string;
  en: string;
}

/** People of the demo (docs/demo.md). `organisation`: for which they act as an employee. */
export const PEOPLE: { id: string; name: string; about: Both; organisation?: string }[] = [
  { id: "ingrid", name: "Ingrid van Dijk", about: { nl: "haar moeder Ria machtigde haar", en: "mandated by her mother Ria" } },
  { id: "sanne", name: "Sanne de Vries", about: { nl: "moeder van Lotte en Daan", en: "mother of Lotte and Daan" } },
  { id: "peter", name: "Peter van Dijk", about: { nl: "zijn machtiging is ingetrokken", en: "his mandate was withdrawn" } },
  {
    id: "karin",
    name: "Karin",
    about: { nl: "werkt bij bewindvoerderskantoor Kompas", en: "works for the administrators Kompas" },
    organisation: "kompas",
  },
];

/** Services of the demo's providers. */
export const SERVICES: { provider: string; service: string; name: Both }[] = [
  { provider: "zeeduin", service: "zeeduin/record", name: { nl: "Dossier inzien, ziekenhuis Zeeduin", en: "See a record, Zeeduin hospital" } },
  {
    provider: "zeeduin",
    service: "zeeduin/treatment",
    name: { nl: "Instemmen met een behandeling, ziekenhuis Zeeduin", en: "Agree to a treatment, Zeeduin hospital" },
  },
  { provider: "molenhof", service: "molenhof/record", name: { nl: "Dossier inzien, huisarts De Molenhof", en: "See a record, GP De Molenhof" } },
  { provider: "zonnepolis", service: "zonnepolis/policy", name: { nl: "Polis beheren, Zonnepolis", en: "Manage a policy, Zonnepolis" } },
  { provider: "belastingen", service: "belastingen/return", name: { nl: "Belastingaangifte doen", en: "File a tax return" } },
];
