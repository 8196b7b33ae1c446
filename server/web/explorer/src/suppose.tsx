// What if: facts that are supposed, and facts that are supposed away. Nothing of it leaves the question.
import { useSignal } from "@preact/signals";
import { SupposedOf } from "./answer";
import { asked, supposeOf, supposition } from "./asking";
import { keyOf } from "./nodes";
import { tab } from "./shell";
import { day } from "./time";
import { t, type Text, word } from "./words";

type Fact = Record<string, unknown>;

function templates(): readonly [Text, Fact][] {
  const { form } = asked.value[0];
  // through an organisation it is the organisation that holds, and that is consented to
  const both = { representative: form.organisation || form.representative || "p2", represented: form.represented || "p1" };
  const today = day(Date.now());
  const silent = asked.value[0].explained?.decision.staleRegisters[0] ?? "BRP";
  return [
    ["mandate", { fact: "authority", id: "what-if", kind: "VOLUNTARY_MANDATE", ...both, services: [form.service || "h1/record"], valid_from: today }],
    ["parental", { fact: "authority", id: "what-if", kind: "PARENTAL_JOINT", ...both }],
    ["consent", { fact: "consent", id: "what-if-consent", from: asked.value[0].explained?.decision.requiredConsents[0] ?? "COURT", ...both, valid_from: today }],
    ["ability", { fact: "ability", id: "what-if-ability", person: both.represented, able: false }],
    ["heard", { fact: "register", id: silent, heard_from: new Date().toISOString(), max_silence: "P31D" }],
  ];
}

export function Suppose() {
  const text = useSignal("");
  const wrong = useSignal("");
  const { add, remove } = supposition.value;

  async function change(next: typeof supposition.value): Promise<boolean> {
    try {
      await supposeOf(next);
      wrong.value = "";
      return true;
    } catch (error) {
      wrong.value = (error as Error).message;
      return false;
    }
  }

  async function addFact(): Promise<void> {
    let fact: unknown;
    try {
      fact = JSON.parse(text.value);
    } catch (error) {
      wrong.value = (error as Error).message;
      return;
    }
    if (await change({ add: [...add, fact as Fact], remove })) text.value = "";
  }

  const question = asked.value[0].question;
  return (
    <div class="suppose">
      <h2>{t("suppose")}</h2>
      <p class="note">{t("supposedNote")}</p>
      {!question && (
        <p>
          <button class="link" onClick={() => (tab.value = "question")}>
            {t("askFirst")}
          </button>
        </p>
      )}
      <h3>{t("supposedFacts")}</h3>
      {add.length + remove.length === 0 && <p class="hint">{t("noSuppositions")}</p>}
      <ul class="plain">
        {add.map((fact, index) => (
          <li key={index} class="row">
            <span class="grow">
              <b>{t("withFact")}</b> {word(String(fact["kind"] ?? fact["fact"]))} <code>{String(fact["id"])}</code>
            </span>
            <button class="small" onClick={() => void change({ add: add.filter((_, each) => each !== index), remove })}>
              {t("takeBack")}
            </button>
          </li>
        ))}
        {remove.map((ref) => (
          <li key={keyOf(ref)} class="row">
            <span class="grow">
              <b>{t("withoutFact")}</b> {word(ref.type)} <code>{ref.id}</code>
            </span>
            <button class="small" onClick={() => void change({ add, remove: remove.filter((each) => each !== ref) })}>
              {t("takeBack")}
            </button>
          </li>
        ))}
      </ul>
      <div aria-live="polite">
        <SupposedOf place={0} />
      </div>
      <h3>{t("addFact")}</h3>
      <div class="row wrap">
        {templates().map(([name, fact]) => (
          <button class="small" key={name} onClick={() => (text.value = JSON.stringify(fact, null, 1))}>
            {t(name)}
          </button>
        ))}
      </div>
      <label for="fact">{t("factHelp")}</label>
      <textarea
        id="fact"
        rows={9}
        spellcheck={false}
        value={text}
        aria-invalid={wrong.value !== ""}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
      {wrong.value && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <button class="primary" disabled={text.value.trim() === ""} onClick={() => void addFact()}>
        {t("add")}
      </button>
    </div>
  );
}
