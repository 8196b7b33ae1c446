// Facts, questions and what must come out: edited here, decided on the server, forgotten there.
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import example from "../../../../examples/family.cases.yaml?raw";
import { MARKS } from "./answer";
import { ask, type Result } from "./api";
import { momentText } from "./time";
import { count, t, word } from "./words";

type Played = Result<"Playground">["playground"];
const WAIT_MS = 500;
const text = signal(example);

export function Playground() {
  const played = useSignal<Played | null>(null);
  const wrong = useSignal("");
  const busy = useSignal(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const turn = useRef(0);

  useEffect(() => {
    const mine = ++turn.current;
    busy.value = true;
    const timer = setTimeout(() => {
      ask("Playground", { cases: text.value })
        .then(({ playground }) => {
          if (mine !== turn.current) return;
          played.value = playground;
          wrong.value = "";
        })
        .catch((error: Error) => {
          if (mine === turn.current) wrong.value = error.message;
        })
        .finally(() => {
          if (mine === turn.current) busy.value = false;
        });
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [text.value]);

  function goTo(line: number): void {
    const box = area.current;
    if (!box) return;
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    box.focus();
    box.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    box.scrollTop = (line - 4) * (box.scrollHeight / lines.length);
  }

  function save(): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text.value], { type: "application/yaml" }));
    link.download = "machtigen.cases.yaml";
    link.click();
    URL.revokeObjectURL(link.href);
  }

  return (
    <div class="playground page">
      <section aria-labelledby="file-title">
        <h2 id="file-title">{t("casesTitle")}</h2>
        <p class="hint">{t("casesText")}</p>
        <div class="row wrap">
          <button onClick={() => (text.value = example)}>{t("example")}</button>
          <button onClick={() => file.current?.click()}>{t("open")}</button>
          <input
            ref={file}
            type="file"
            hidden
            accept=".yaml,.yml,.jsonl,.json"
            aria-label={t("open")}
            onChange={(event) => {
              void event.currentTarget.files?.[0]?.text().then((said) => (text.value = said));
            }}
          />
          <button onClick={save}>{t("save")}</button>
        </div>
        <label class="visually-hidden" for="cases">
          {t("file")}
        </label>
        <textarea
          id="cases"
          ref={area}
          spellcheck={false}
          autocomplete="off"
          wrap="off"
          value={text}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </section>
      <section aria-labelledby="outcomes" aria-busy={busy.value}>
        <h2 id="outcomes">{t("outcomes")}</h2>
        <div aria-live="polite">
          {wrong.value && <p class="wrong">{wrong}</p>}
          {played.value && <Summary played={played.value} />}
        </div>
        {played.value && played.value.problems.length > 0 && <Problems played={played.value} goTo={goTo} />}
        <ol class="cases">
          {played.value?.cases.map((each) => (
            <li key={`${each.line} ${each.name}`} class={each.asExpected === false ? "failed" : ""}>
              <header>
                <button class="link" onClick={() => goTo(each.line)}>
                  {each.name}
                </button>
                <span class={`verdict ${each.asExpected}`}>
                  {each.asExpected === null ? `– ${t("nothingExpected")}` : each.asExpected ? `✓ ${t("asExpected")}` : `✕ ${t("notExpected")}`}
                </span>
              </header>
              <p>
                <b class={`word ${each.outcome}`}>
                  {MARKS[each.outcome]} {word(each.outcome)}
                </b>{" "}
                <code>{each.reason}</code> {each.requiredConsents.join(", ")}
              </p>
              <p class="hint">
                {each.reasons[0]?.text} {each.validUntil && `${t("holdsUntil")} ${momentText(each.validUntil)}.`}
              </p>
              {each.differences.map(({ field, expected, found }) => (
                <p class="wrong" key={field}>
                  {field}: {t("expected")} <code>{told(expected)}</code>, {t("found")} <code>{told(found)}</code>
                </p>
              ))}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function told(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function Summary({ played }: { played: Played }) {
  if (played.problems.length > 0) return null;
  const failed = played.cases.filter((each) => each.asExpected === false).length;
  return (
    <p class={failed ? "summary failed" : "summary"}>
      {count(played.cases.length)} · {failed ? `${count(failed)} ${t("notExpected")}` : t("allGood")}
    </p>
  );
}

function Problems({ played, goTo }: { played: Played; goTo: (line: number) => void }) {
  return (
    <section aria-labelledby="problems">
      <h3 id="problems">{t("problems")}</h3>
      <ul class="problems">
        {played.problems.map(({ line, message }, index) => (
          <li key={index}>
            <button class="link" onClick={() => goTo(line)}>
              {t("line")} {line}
            </button>{" "}
            {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
