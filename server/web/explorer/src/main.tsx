// The page: its bar, its three views, and what it opens with.
import { batch, effect } from "@preact/signals";
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { address, asTable, keepAddress, open, type View, view } from "./address";
import { ask, purpose, refused, token } from "./api";
import { forget } from "./asking";
import { Canvas, fit, stale, zoom } from "./canvas";
import { Purpose, SignIn } from "./dialogs";
import "./explorer.css";
import { followAnswers } from "./following";
import { Icon } from "./icon";
import { Inspector } from "./inspector";
import { Live } from "./live";
import { at, clear, knownAt, nodes, readClock } from "./nodes";
import { Playground } from "./playground";
import { Questions } from "./questions";
import { Search } from "./search";
import { copy, type Tab, tab, tell, told } from "./shell";
import { Suppose } from "./suppose";
import { Table } from "./table";
import { theme, turn } from "./theme";
import { TimeBar } from "./timebar";
import { count, language, speak, t, word } from "./words";
import type { FactType } from "./generated/types";

const VIEWS: readonly View[] = ["graph", "live", "playground"];
const TABS: readonly Tab[] = ["node", "question", "suppose"];
const KINDS: readonly FactType[] = [
  "person", "organisation", "provider", "service", "register", "authority", "employment", "consent", "ability", "block",
];

function Bar() {
  return (
    <header class="bar">
      <p class="brand">Machtigen</p>
      <nav aria-label={t("views")}>
        {VIEWS.map((each) => (
          <a
            key={each}
            href={`#/${each}`}
            aria-current={view.value === each ? "page" : undefined}
            onClick={(event) => {
              event.preventDefault();
              view.value = each;
            }}
          >
            {t(each)}
          </a>
        ))}
      </nav>
      <span class="grow" />
      <div class="row" role="group" aria-label={t("language")}>
        {(["nl", "en"] as const).map((each) => (
          <button
            key={each}
            class="small"
            lang={each}
            aria-pressed={language.value === each}
            aria-label={each === "nl" ? "NL, Nederlands" : "EN, English"}
            onClick={() => speak(each)}
          >
            {each.toUpperCase()}
          </button>
        ))}
      </div>
      <button class="small" aria-label={t("theme")} onClick={turn}>
        {theme.value === "dark" ? `☀ ${t("light")}` : `☾ ${t("dark")}`}
      </button>
    </header>
  );
}

function Toolbar() {
  async function share(): Promise<void> {
    await copy(`${location.origin}${location.pathname}${address()}`);
    tell(t("shared"));
  }
  return (
    <div class="toolbar row wrap">
      <div class="row" role="group" aria-label={t("views")}>
        <button class="small" aria-pressed={!asTable.value} onClick={() => (asTable.value = false)}>
          {t("asGraph")}
        </button>
        <button class="small" aria-pressed={asTable.value} onClick={() => (asTable.value = true)}>
          {t("asTable")}
        </button>
      </div>
      <span class="hint">{`${count(nodes.value.size)} ${t("shownNodes")}`}</span>
      <span class="grow" />
      {!asTable.value && (
        <>
          <button class="small" aria-label={t("zoomOut")} onClick={() => zoom(0.8)}>
            −
          </button>
          <button class="small" aria-label={t("zoomIn")} onClick={() => zoom(1.25)}>
            +
          </button>
          <button class="small" onClick={fit}>
            {t("fit")}
          </button>
        </>
      )}
      <button class="small" onClick={() => void share().catch((wrong: Error) => tell(wrong.message))}>
        {t("share")}
      </button>
      <button
        class="small"
        onClick={() =>
          batch(() => {
            clear();
            forget();
          })
        }
      >
        {t("clear")}
      </button>
    </div>
  );
}

function Legend() {
  return (
    <details class="legend">
      <summary>{t("legend")}</summary>
      <ul>
        {KINDS.map((each) => (
          <li key={each}>
            <Icon type={each} /> {word(each)}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Panel() {
  return (
    <aside class="panel" aria-label={t(tab.value)}>
      <div role="tablist" aria-label={t("views")}>
        {TABS.map((each, index) => (
          <button
            key={each}
            id={`tab-${each}`}
            role="tab"
            aria-selected={tab.value === each}
            aria-controls="panel"
            tabIndex={tab.value === each ? 0 : -1}
            onClick={() => (tab.value = each)}
            onKeyDown={(event) => {
              const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
              if (!step) return;
              tab.value = TABS[(index + step + TABS.length) % TABS.length]!;
              document.getElementById(`tab-${tab.value}`)?.focus();
            }}
          >
            {t(each)}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${tab.value}`} tabIndex={0}>
        {tab.value === "node" ? <Inspector /> : tab.value === "question" ? <Questions /> : <Suppose />}
      </div>
    </aside>
  );
}

function Workspace() {
  const empty = nodes.value.size === 0;
  return (
    <div class="workspace">
      <div class="stage">
        <Search />
        <Toolbar />
        <div class="view">
          {asTable.value ? <Table /> : <Canvas />}
          {empty && (
            <div class="empty">
              <h2>{t("emptyTitle")}</h2>
              <p>{t("emptyText")}</p>
            </div>
          )}
          {!asTable.value && <Legend />}
        </div>
        <TimeBar />
      </div>
      <Panel />
    </div>
  );
}

function Page() {
  useEffect(() => {
    document.documentElement.lang = language.value;
    document.title = t("title");
  }, [language.value]);
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>
        {t("skip")}
      </a>
      <Bar />
      <main id="content" tabIndex={-1}>
        <h1 class="visually-hidden">{t("title")}</h1>
        {view.value === "graph" ? <Workspace /> : view.value === "live" ? <Live /> : <Playground />}
      </main>
      <p class="told" role="status" aria-live="polite">
        {told}
      </p>
      <Purpose />
      <SignIn again={() => void begin()} />
    </>
  );
}

// What the address says is read only once somebody has said why they look.
async function begin(): Promise<void> {
  try {
    await open(location.hash);
  } catch (wrong) {
    tell((wrong as Error).message);
  }
  // while nobody is signed in the address still says what is to be opened then
  if (!refused.value) keepAddress();
}

async function start(): Promise<void> {
  await begin();
  followAnswers();
  let resting = 0;
  effect(() => {
    void [at.value, knownAt.value, token.value];
    clearTimeout(resting);
    resting = window.setTimeout(() => void lookAtRegisters().catch((wrong: Error) => tell(wrong.message)), 300);
  });
}

async function lookAtRegisters(): Promise<void> {
  const when = { at: at.value === null ? null : new Date(at.value).toISOString(), knownAt: knownAt.value };
  const { registers } = await ask("Registers", when);
  if (at.value === null && knownAt.value === null) readClock(registers);
  stale.value = new Set(registers.filter((each) => each.stale).map((each) => each.id));
}

let timer = 0;
effect(() => {
  if (told.value === "") return;
  clearTimeout(timer);
  timer = window.setTimeout(() => (told.value = ""), 6_000);
});

const box = document.getElementById("explorer");
if (box) {
  box.replaceChildren();
  render(<Page />, box);
  let begun = false;
  purpose.subscribe((stated) => {
    if (stated && !begun) {
      begun = true;
      setTimeout(() => void start());
    }
  });
  window.addEventListener("hashchange", () => {
    if (purpose.value && location.hash !== address()) void open(location.hash).catch((wrong: Error) => tell(wrong.message));
  });
}
