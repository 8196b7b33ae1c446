// An answer: outcome and reason first, then what would change it, then step by step how it came about.
import { useSignal } from "@preact/signals";
import { type Answer, asked, type Explained, lit, type Place } from "./asking";
import { FORMS, written } from "./copying";
import { keyOf, nodes, selected } from "./nodes";
import { copy, tab, tell } from "./shell";
import { momentText } from "./time";
import { t, word } from "./words";

const BEST = ["PERMIT", "CONSENT_REQUIRED", "INDETERMINATE", "DENY"];

type Reading = Answer["readings"][number];
type Step = Reading["checks"][number];

export const MARKS = { PERMIT: "✓", CONSENT_REQUIRED: "+", INDETERMINATE: "?", DENY: "✕" } as const;

export function AnswerOf({ place }: { place: Place }) {
  const { explained } = asked.value[place];
  if (!explained) return null;
  const { decision } = explained;
  return (
    <article class="answer" aria-label={t("answer")} onFocusIn={() => (lit.value = place)} onClick={() => (lit.value = place)}>
      <Outcome answer={decision} />
      <Changes changes={explained.changes} />
      <Why answer={{ ...explained, ...decision }} />
      {explained.since && <Since since={explained.since} />}
      <Copying place={place} />
    </article>
  );
}

export function SupposedOf({ place }: { place: Place }) {
  const { supposed } = asked.value[place];
  if (!supposed) return null;
  return (
    <article class="answer supposed" aria-label={t("supposed")}>
      <p class="note">{t("supposedNote")}</p>
      <Outcome answer={supposed} />
      <Changes changes={supposed.changes} />
      <Why answer={supposed} />
    </article>
  );
}

type Told = Pick<Answer, "outcome" | "reason" | "reasons" | "requiredConsents" | "stepUp" | "validUntil">;

export function Outcome({ answer }: { answer: Told }) {
  const [first] = answer.reasons;
  return (
    <>
      <header class={`outcome ${answer.outcome}`}>
        <span class="mark" aria-hidden="true">
          {MARKS[answer.outcome]}
        </span>
        <div>
          <h3>{word(answer.outcome)}</h3>
          <code>{answer.reason}</code>
        </div>
      </header>
      <p class="reason">{first?.text}</p>
      {answer.requiredConsents.length > 0 && (
        <p>
          {word("CONSENT_REQUIRED")}: <b>{answer.requiredConsents.join(", ")}</b>
        </p>
      )}
      <p class="hint">
        {first?.source} · {answer.validUntil ? `${t("holdsUntil")} ${momentText(answer.validUntil)}` : t("holdsForever")}
      </p>
    </>
  );
}

function Changes({ changes }: { changes: Answer["changes"] }) {
  return (
    <section>
      <h4>{t("wouldChange")}</h4>
      {changes.length === 0 && <p class="hint">{t("nothingChanges")}</p>}
      <ul class="changes">
        {[...changes].sort((a, b) => BEST.indexOf(a.outcome) - BEST.indexOf(b.outcome)).map((change) => (
          <li key={`${change.what} ${change.at} ${change.who.join()}`}>
            {change.at ? change.text.replace(change.at, momentText(change.at)) : change.text} →{" "}
            <b class={`word ${change.outcome}`}>
              {MARKS[change.outcome]} {word(change.outcome)}
            </b>{" "}
            <code>{change.reason}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Why({ answer }: { answer: Answer }) {
  const silent = answer.registers.filter((each) => each.stale);
  return (
    <>
      {silent.length > 0 && (
        <section>
          <h4>{t("silent")}</h4>
          <ul class="plain">
            {silent.map(({ id, heardFrom, staleFrom, matters }) => (
              <li key={id}>
                <b>{id}</b> · {t("heardFrom").toLowerCase()} {momentText(heardFrom)} · {t("staleFrom").toLowerCase()} {momentText(staleFrom)}
                {matters && <span class="state ended"> {t("matters")}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h4>{t("how")}</h4>
        {answer.readings.map((reading) => (
          <ReadingOf key={`${reading.representativeBorn} ${reading.representedBorn}`} reading={reading} only={answer.readings.length === 1} />
        ))}
      </section>
      {answer.otherAuthorities.length > 0 && (
        <section>
          <h4>{t("others")}</h4>
          <ul class="plain">
            {answer.otherAuthorities.map(({ id, kind, inForce, text }) => (
              <li key={id}>
                <NodeLink id={id} text={word(kind)} /> <span class={`state ${inForce ? "inForce" : "closed"}`}>{t(inForce ? "inForce" : "closed")}</span>
                <br />
                {text}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function NodeLink({ id, text }: { id: string; text: string }) {
  const key = keyOf({ type: "authority", id });
  return (
    <>
      <button
        class="link"
        disabled={!nodes.value.has(key)}
        onClick={() => {
          selected.value = key;
          tab.value = "node";
        }}
      >
        {text}
      </button>{" "}
      <small>{id}</small>
    </>
  );
}

function ReadingOf({ reading, only }: { reading: Reading; only: boolean }) {
  const born = reading.representedBorn;
  return (
    <div class="reading">
      {!only && (
        <p>
          {t("reading")} {born?.startsWith("1") || born?.startsWith("2") ? momentText(born) : born}: {word(reading.outcome)} <code>{reading.reason}</code>
        </p>
      )}
      <Steps title={t("before")} steps={reading.checks} />
      {reading.grounds.map((ground) => (
        <div class={ground.counts ? "ground counts" : "ground"} key={ground.authority.id}>
          <p>
            {t("ground")}: <NodeLink id={ground.authority.id} text={word(ground.authority.kind)} />{" "}
            <b class={`word ${ground.outcome}`}>
              {MARKS[ground.outcome]} {word(ground.outcome)}
            </b>
            {ground.counts && <span class="tag">{t("decided")}</span>}
            <br />
            <code>{ground.reason}</code> <small>{ground.authority.register.id}</small>
          </p>
          <Steps title={word(ground.authority.kind)} steps={ground.steps} />
        </div>
      ))}
    </div>
  );
}

// What gave the answer and what was passed on the way; the rest can be unfolded.
function Steps({ title, steps }: { title: string; steps: readonly Step[] }) {
  const telling = steps.filter((step) => step.state === "FOUND" || (step.state === "PASSED" && step.looks.length > 0));
  const rest = steps.filter((step) => !telling.includes(step));
  return (
    <>
      <ol class="steps" aria-label={title}>
        {telling.map((step) => (
          <StepOf key={step.name} step={step} />
        ))}
      </ol>
      {rest.length > 0 && (
        <details class="rest">
          <summary>
            + {rest.length} {t("otherSteps")}
          </summary>
          <ol class="steps">
            {rest.map((step) => (
              <StepOf key={step.name} step={step} />
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

const SIGNS = { PASSED: "✓", FOUND: "▶", NOT_REACHED: "·", NOT_ASKED: "·" } as const;

function StepOf({ step }: { step: Step }) {
  const gave = step.state === "FOUND" && step.reason;
  return (
    <li class={`step ${step.state}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[step.state]}
      </span>
      <div>
        {step.text} {gave && <code>{step.reason}</code>}
        {step.state === "NOT_REACHED" && <small> {t("notReached")}</small>}
        {step.looks.length > 0 && (
          <ul class="looks">
            {step.looks.map((look) => (
              <li key={`${look.what} ${look.of} ${look.detail}`}>
                <code>{look.of}</code> {look.what === "IN_FORCE" ? word(look.detail).toLowerCase() : ""} {word(look.what)}
                {look.what !== "IN_FORCE" && look.detail ? ` ${look.detail.split(" ").map(word).join(", ")}` : ""}: <b>{look.found === null ? "–" : word(look.found)}</b>
              </li>
            ))}
          </ul>
        )}
        <small class="law">
          {step.law} · facts.md {step.section}
        </small>
      </div>
    </li>
  );
}

function Since({ since }: { since: NonNullable<Explained["since"]> }) {
  return (
    <section>
      <h4>{t("since")}</h4>
      <ul class="plain">
        {since.facts.map(({ fact, id, change, recordedAt }) => (
          <li key={`${fact} ${id}`}>
            {word(fact)} <code>{id}</code>: {word(change)}, {momentText(recordedAt)}
          </li>
        ))}
      </ul>
      {since.differs && (
        <p>
          {t("now")}: <b class={`word ${since.decisionNow.outcome}`}>{word(since.decisionNow.outcome)}</b> <code>{since.decisionNow.reason}</code>
        </p>
      )}
    </section>
  );
}

function Copying({ place }: { place: Place }) {
  const done = useSignal<string | null>(null);
  return (
    <div class="row wrap copying">
      <span class="hint">{t("copyAs")}</span>
      {FORMS.map((form) => (
        <button
          class="small"
          key={form}
          onClick={() => {
            copy(written(asked.value[place], form))
              .then(() => {
                done.value = form;
                tell(t("copied"));
              })
              .catch((wrong: Error) => tell(wrong.message));
          }}
        >
          {form === "testCase" ? t("testCase") : form}
          {done.value === form && " ✓"}
        </button>
      ))}
    </div>
  );
}
