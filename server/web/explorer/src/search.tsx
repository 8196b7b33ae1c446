// Find somebody or something by id, or a provider, office or register by name.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask, type Result } from "./api";
import { expand, keyOf, knownAt, selected, type Shown, show } from "./nodes";
import { Icon } from "./icon";
import { tab, tell } from "./shell";
import { t, word } from "./words";

const WAIT_MS = 180;

export function Search() {
  const text = useSignal("");
  const found = useSignal<Result<"Search">["search"] | null>(null);
  const active = useSignal(0);
  const wrong = useSignal("");
  const box = useRef<HTMLInputElement>(null);
  const turn = useRef(0);
  const shownFor = useRef("");

  useEffect(() => {
    const typed = text.value.trim();
    const mine = ++turn.current;
    if (typed.length < 2) {
      found.value = null;
      return;
    }
    const timer = setTimeout(() => void look(typed, mine), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text.value]);

  async function look(typed: string, mine: number): Promise<void> {
    try {
      const { search } = await ask("Search", { text: typed, knownAt: knownAt.value });
      if (mine !== turn.current) return;
      found.value = search;
      shownFor.current = typed;
      active.value = 0;
      wrong.value = "";
      tell(search.nodes.length ? `${t("results")}: ${search.nodes.length}` : t("nothingFound"));
    } catch (error) {
      wrong.value = (error as Error).message;
    }
  }

  async function choose(node: Shown): Promise<void> {
    found.value = null;
    text.value = "";
    turn.current += 1;
    shownFor.current = "";
    const key = keyOf(node);
    try {
      show([node]);
      selected.value = key;
      tab.value = "node";
      // a register has as many neighbours as it has statements: those are asked for by sort
      if (node.type !== "register" && node.type !== "provider") await expand(key, null, 40);
    } catch (error) {
      wrong.value = (error as Error).message;
    }
  }

  // Who types fast need not wait for the list.
  async function enter(): Promise<void> {
    const typed = text.value.trim();
    if (!typed) return;
    try {
      const search = shownFor.current === typed ? found.value : (await ask("Search", { text: typed, knownAt: knownAt.value })).search;
      const chosen = search?.nodes[active.value];
      if (chosen) await choose(chosen);
      else found.value = search;
    } catch (error) {
      wrong.value = (error as Error).message;
    }
  }

  const options = found.value?.nodes ?? [];
  return (
    <div class="search">
      <label class="visually-hidden" for="search">
        {t("search")}
      </label>
      <input
        id="search"
        ref={box}
        type="text"
        role="combobox"
        placeholder={t("search")}
        autocomplete="off"
        spellcheck={false}
        aria-expanded={found.value !== null}
        aria-controls="search-results"
        aria-activedescendant={options.length ? `found-${active.value}` : undefined}
        aria-describedby="search-hint"
        value={text}
        onInput={(event) => (text.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") void enter();
          else if (event.key === "Escape") found.value = null;
          else if (event.key === "ArrowDown") active.value = Math.min(active.value + 1, options.length - 1);
          else if (event.key === "ArrowUp") active.value = Math.max(active.value - 1, 0);
          else return;
          event.preventDefault();
        }}
      />
      <p id="search-hint" class="hint">
        {t("searchHint")}
      </p>
      {wrong.value && <p class="wrong">{wrong}</p>}
      <ul id="search-results" role="listbox" aria-label={t("results")} hidden={found.value === null || options.length === 0}>
        {options.map((node, index) => (
          <li
            key={keyOf(node)}
            id={`found-${index}`}
            role="option"
            aria-selected={index === active.value}
            onClick={() => void choose(node)}
            onPointerEnter={() => (active.value = index)}
          >
            <Icon type={node.type} />
            <span class="grow">
              {node.name ?? node.id}
              {node.name && <small> {node.id}</small>}
            </span>
            <small>{word(node.kind ?? node.type)}</small>
          </li>
        ))}
      </ul>
      {found.value && !found.value.complete && options.length > 0 && <p class="hint">{t("more")}</p>}
      {found.value && options.length === 0 && <p class="hint">{t("nothingFound")}</p>}
    </div>
  );
}
