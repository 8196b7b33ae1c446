// Ask a question, or two side by side.
import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { AnswerOf, SupposedOf } from "./answer";
import { ask, type Result, token } from "./api";
import { ACTS, asked, compare, comparing, fill, type Form, isComplete, LEVELS, type Place, shownIds, stopComparing, submit } from "./asking";
import { at, knownAt, moment } from "./nodes";
import { tell } from "./shell";
import { momentText } from "./time";
import { t, type Text, word } from "./words";

type Offering = Result<"Services">["providers"]["nodes"][number];
const offered = signal<readonly Offering[]>([]);
const PAGES_MAX = 5;
const CLAIMS = [
  "VOLUNTARY_MANDATE", "PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP", "TREATMENT_SUBSTITUTE",
  "CURATELE", "BEWIND", "MENTORSCHAP", "NEXT_OF_KIN_MANDATE", "EXECUTOR", "HEIR", "RECORD_AFTER_DEATH", "CLOSE_RELATIVE",
];

async function loadServices(): Promise<void> {
  let after: string | null = null;
  const found: Offering[] = [];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { providers }: Result<"Services"> = await ask("Services", { after });
    found.push(...providers.nodes);
    offered.value = [...found];
    if (!providers.pageInfo.hasNextPage) return;
    after = providers.pageInfo.endCursor;
  }
}

export function Questions() {
  useEffect(() => {
    if (offered.value.length === 0) loadServices().catch((wrong: Error) => tell(wrong.message));
  }, [token.value]);
  return (
    <div class={comparing.value ? "questions two" : "questions"}>
      <datalist id="people">
        {shownIds(["person"]).map(({ id, name }) => (
          <option key={id} value={id} label={name ?? id} />
        ))}
      </datalist>
      <datalist id="offices">
        {shownIds(["organisation"]).map(({ id, name }) => (
          <option key={id} value={id} label={name ?? id} />
        ))}
      </datalist>
      <datalist id="services">
        {offered.value.flatMap(({ id, name, services }) =>
          services.map((service) => (
            <option key={service.id} value={service.id} label={`${name ?? id} · ${word(service.domain)}`} />
          )),
        )}
      </datalist>
      <QuestionForm place={0} />
      {comparing.value && <QuestionForm place={1} />}
      <button class="link compare" onClick={comparing.value ? stopComparing : compare}>
        {t(comparing.value ? "stopComparing" : "compare")}
      </button>
    </div>
  );
}

function QuestionForm({ place }: { place: Place }) {
  const { form, explained, supposed, wrong, busy, question } = asked.value[place];
  const more = useSignal(Boolean(form.organisation || form.act || form.good || form.claim));
  const complete = isComplete(form);
  const heading: Text = place === 0 ? "first" : "second";
  function text(name: keyof Form, label: Text, list?: string) {
    const id = `${name}-${place}`;
    return (
      <p class="field">
        <label for={id}>{t(label)}</label>
        <input
          id={id}
          list={list}
          autocomplete="off"
          spellcheck={false}
          value={form[name]}
          onInput={(event) => fill(place, { [name]: event.currentTarget.value })}
        />
      </p>
    );
  }
  function choice(name: keyof Form, label: Text, codes: readonly string[], none: boolean) {
    const id = `${name}-${place}`;
    return (
      <p class="field">
        <label for={id}>{t(label)}</label>
        <select id={id} value={form[name]} onChange={(event) => fill(place, { [name]: event.currentTarget.value })}>
          {none && <option value="">–</option>}
          {codes.map((code) => (
            <option key={code} value={code}>
              {word(code)}
            </option>
          ))}
        </select>
      </p>
    );
  }
  return (
    <section aria-labelledby={`question-${place}`}>
      <h2 id={`question-${place}`} class={comparing.value ? "" : "visually-hidden"}>
        {t(heading)}
      </h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(place);
        }}
      >
        {text("representative", "representative", "people")}
        {text("represented", "represented", "people")}
        {text("service", "service", "services")}
        {choice("assurance", "level", LEVELS, false)}
        {more.value && (
          <>
            {text("organisation", "organisation", "offices")}
            {choice("act", "act", ACTS, true)}
            {text("good", "good")}
            {choice("claim", "claim", CLAIMS, true)}
          </>
        )}
        <div class="row">
          <button class="primary" type="submit" disabled={!complete || busy}>
            {t(busy ? "running" : "ask")}
          </button>
          <button class="link" type="button" aria-expanded={more.value} onClick={() => (more.value = !more.value)}>
            {t("moreFields")}
          </button>
        </div>
        <p class="hint">
          {t("asked")} {at.value === null ? t("now").toLowerCase() : momentText(new Date(moment()).toISOString())}
          {knownAt.value !== null && ` · ${t("knownAt").toLowerCase()} ${momentText(knownAt.value)}`}
        </p>
      </form>
      <div aria-live="polite">
        {wrong && (
          <p class="wrong" role="alert">
            {wrong}
          </p>
        )}
        {question && explained && <AnswerOf place={place} />}
        {question && supposed && <SupposedOf place={place} />}
      </div>
    </section>
  );
}
