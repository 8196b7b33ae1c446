// What is known of the chosen node, and what lies around it, counted before it is fetched.
import { effect, signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask, type Result } from "./api";
import { fill, asked, submit, isComplete, supposeOf, supposition } from "./asking";
import { Icon } from "./icon";
import {
  expand,
  type Group,
  hide,
  isDead,
  type Key,
  keyOf,
  knownAt,
  labelOf,
  moment,
  nodes,
  refOf,
  selected,
  type Shown,
  stateOf,
  STATEMENTS,
} from "./nodes";
import { tab, tell } from "./shell";
import { dayText, lengthText, momentText } from "./time";
import { count, fieldName, t, word } from "./words";

type Counts = Result<"Counts">["graph"][number];
const PAGE = 100;
// How far somebody has come around each node, by sort: the cursor of the next page, null where there is none.
const pages = signal<ReadonlyMap<string, string | null>>(new Map());
effect(() => {
  if (nodes.value.size === 0) pages.value = new Map();
});

export function Inspector() {
  const key = selected.value;
  const node = key === null ? undefined : nodes.value.get(key);
  if (key === null || !node) return <p class="quiet">{t("nothingSelected")}</p>;
  return (
    <article class="inspector" aria-labelledby="chosen">
      <header>
        <Icon type={node.type} />
        <div>
          <h2 id="chosen">
            {labelOf(node)}
            {isDead(node, moment()) && " †"}
          </h2>
          <p class="hint">
            {word(node.type)}
            {node.kind && !STATEMENTS.has(node.type) ? ` · ${word(node.kind)}` : ""} · <code>{node.id}</code>
          </p>
        </div>
      </header>
      {node.known ? <Facts node={node} /> : <p class="note">{t("notKnown")}</p>}
      <Doing key={key} of={key} node={node} />
      <Around key={`${key} ${knownAt.value}`} of={key} />
      {node.type === "authority" && <Versions key={`versions ${key}`} id={node.id} />}
      {node.fact !== null && (
        <details>
          <summary>{t("facts")}</summary>
          <pre tabIndex={0}>{JSON.stringify(node.fact, null, 1)}</pre>
        </details>
      )}
    </article>
  );
}

function Facts({ node }: { node: Shown }) {
  const state = stateOf(node, moment());
  return (
    <dl class="facts">
      {STATEMENTS.has(node.type) && (
        <>
          <dt>{t("state")}</dt>
          <dd>
            <span class={`state ${state}`}>{t(state)}</span>
          </dd>
          <dt>{t("from")}</dt>
          <dd>{dayText(node.validFrom)}</dd>
          <dt>{t("until")}</dt>
          <dd>{dayText(node.validUntil)}</dd>
        </>
      )}
      {Object.entries(node.fact as Record<string, unknown>)
        .filter(([name]) => !PLAIN.has(name))
        .map(([name, value]) => (
          <Field key={name} name={name} value={value} />
        ))}
      <dt>{t("register")}</dt>
      <dd>
        <code>{node.register}</code>
      </dd>
      <dt>{t("recorded")}</dt>
      <dd>{momentText(node.recordedAt)}</dd>
    </dl>
  );
}

const PLAIN = new Set(["fact", "id", "register", "recorded_at", "valid_from", "valid_until", "name"]);

function Field({ name, value }: { name: string; value: unknown }) {
  const text = String(value);
  const shown = Array.isArray(value)
    ? value.map((each) => word(String(each))).join(", ")
    : /^[PT\dDHMS]+$/.test(text) && text.startsWith("P")
      ? lengthText(text)
      : /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/.test(text)
        ? momentText(text)
        : word(text);
  return (
    <>
      <dt>{fieldName(name)}</dt>
      <dd>{shown}</dd>
    </>
  );
}

function Doing({ of, node }: { of: Key; node: Shown }) {
  function askAs(side: "representative" | "represented"): void {
    fill(0, { [side]: node.id });
    tab.value = "question";
    if (isComplete(asked.value[0].form)) void submit(0);
  }
  async function supposeNot(): Promise<void> {
    const { add, remove } = supposition.value;
    const rest = remove.filter((each) => keyOf(each) !== of);
    await supposeOf({ add, remove: [...rest, refOf(of)] }).catch((wrong: Error) => tell(wrong.message));
    tab.value = "suppose";
  }
  return (
    <div class="row wrap">
      {node.type === "person" && (
        <>
          <button onClick={() => askAs("representative")}>{t("asRepresentative")}</button>
          <button onClick={() => askAs("represented")}>{t("asRepresented")}</button>
        </>
      )}
      {node.known && <button onClick={() => void supposeNot()}>{t("supposeNot")}</button>}
      <button onClick={() => hide(of)}>{t("remove")}</button>
    </div>
  );
}

function Around({ of }: { of: Key }) {
  const counts = useSignal<Counts | null>(null);
  const wrong = useSignal("");

  useEffect(() => {
    ask("Counts", { of: [refOf(of)], knownAt: knownAt.value })
      .then(({ graph }) => (counts.value = graph[0] ?? null))
      .catch((error: Error) => (wrong.value = error.message));
  }, [of]);

  const placeOf = (name: string) => `${of} ${knownAt.value} ${name}`;

  async function fetch(name: string, groups: readonly Group[] | null): Promise<void> {
    const place = placeOf(name);
    try {
      const cursor = await expand(of, groups, PAGE, pages.value.get(place) ?? null);
      pages.value = new Map(pages.value).set(place, cursor);
      wrong.value = "";
    } catch (error) {
      wrong.value = (error as Error).message;
    }
  }

  const found = counts.value;
  return (
    <section aria-labelledby="around">
      <h3 id="around">{t("around")}</h3>
      {wrong.value && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      {found === null ? (
        <p class="hint">{t("running")}</p>
      ) : (
        <ul class="groups">
          {found.neighbourCounts.map((group) => {
            const name = `${group.relation} ${group.incoming} ${group.type} ${group.kind}`;
            const next = pages.value.get(placeOf(name));
            const what = word(group.kind ?? group.type);
            return (
              <li key={name}>
                <Icon type={group.type} />
                <span class="grow">
                  {what} <small>{group.incoming ? "←" : "→"} {word(group.relation)}</small>
                </span>
                <b class="number">{count(group.count)}</b>
                <button
                  class="small"
                  disabled={next === null}
                  aria-label={`${t(next ? "showMore" : "show")}: ${what}, ${word(group.relation)}, ${group.count}`}
                  onClick={() => void fetch(name, [{ ...group, kind: group.kind ?? null }])}
                >
                  {t(next ? "showMore" : "show")}
                </button>
              </li>
            );
          })}
        </ul>
      )}
      {found && !found.neighboursComplete && <p class="hint">{t("aroundCut")}</p>}
      {found && found.neighbourCounts.length > 1 && <button onClick={() => void fetch("*", null)}>{t("showAll")}</button>}
    </section>
  );
}

function Versions({ id }: { id: string }) {
  const versions = useSignal<Result<"History">["history"] | null>(null);
  const wrong = useSignal("");
  return (
    <details
      onToggle={(event) => {
        if (!event.currentTarget.open || versions.value) return;
        ask("History", { authority: id })
          .then(({ history }) => (versions.value = history))
          .catch((error: Error) => (wrong.value = error.message));
      }}
    >
      <summary>{t("history")}</summary>
      {wrong.value && <p class="wrong">{wrong}</p>}
      <ol class="versions">
        {versions.value?.map(({ asOf, changed, holds, authority }) => (
          <li key={asOf} class={holds ? "holds" : ""}>
            {momentText(authority.recordedAt)} · {authority.status}
            {authority.retracted ? ` · ${word("RETRACTED")}` : ""} · {dayText(authority.validFrom)} – {dayText(authority.validUntil)}
            {changed.length > 0 && <small> ({changed.join(", ")})</small>}
          </li>
        ))}
      </ol>
    </details>
  );
}
