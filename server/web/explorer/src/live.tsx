// What changes as it changes: providers on their way to live, registers with their freshness.
import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask, follow, type Result } from "./api";
import { now, readClock, skew } from "./nodes";
import { clockText, length, lengthText, momentText } from "./time";
import { count, t, word } from "./words";

type Provider = Result<"Board">["providers"]["nodes"][number];
type Register = Result<"Registers">["registers"][number];
interface Change {
  when: number;
  what: string;
  from: string;
  to: string;
}

const STATUSES = ["APPLIED", "ASSESSED", "CONNECTED", "TESTED", "LIVE", "SUSPENDED"] as const;
const EVERY_MS = 5_000;
const PAGES_MAX = 10;
const CHANGES_MAX = 100;
const CARDS_MAX = 40;

const providers = signal<readonly Provider[] | null>(null);
const complete = signal(true);
const registers = signal<readonly Register[] | null>(null);
const changes = signal<readonly Change[]>([]);
const last = signal<number | null>(null);
// Whether the server tells of providers as they change; else they are asked for again and again.
const told = signal(false);

async function everyProvider(): Promise<Provider[]> {
  const found: Provider[] = [];
  let after: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const board: Result<"Board"> = await ask("Board", { after });
    found.push(...board.providers.nodes);
    complete.value = !board.providers.pageInfo.hasNextPage;
    if (complete.value) break;
    after = board.providers.pageInfo.endCursor;
  }
  return found;
}

async function refresh(): Promise<void> {
  const when = Date.now();
  if (!told.value || providers.value === null) note(await everyProvider());
  const nextRegisters = (await ask("Registers", {})).registers;
  const found: Change[] = [];
  const heard = new Map(registers.value?.map((each) => [each.id, each]));
  for (const { id, stale } of registers.value === null ? [] : nextRegisters) {
    const was = heard.get(id)?.stale;
    if (was !== undefined && was !== stale) found.push({ when, what: id, from: t(was ? "stale" : "fresh"), to: t(stale ? "stale" : "fresh") });
  }
  registers.value = nextRegisters;
  readClock(nextRegisters);
  changes.value = [...found, ...changes.value].slice(0, CHANGES_MAX);
  last.value = when;
}

// Providers as they are now, and what differs from before.
function note(next: readonly Provider[]): void {
  const when = Date.now();
  const before = new Map(providers.value?.map((each) => [each.id, each]));
  const found: Change[] = [];
  for (const { id, name, status } of providers.value === null ? [] : next) {
    const was = before.get(id)?.status;
    if (was !== status) found.push({ when, what: name ?? id, from: was ? word(was) : "–", to: word(status) });
  }
  providers.value = next;
  changes.value = [...found, ...changes.value].slice(0, CHANGES_MAX);
}

// As long as the page is there; what was missed while the line was down is told when it is up again.
async function followProviders(until: AbortSignal): Promise<void> {
  let after: string | null = null;
  while (!until.aborted) {
    try {
      told.value = true;
      for await (const { providerChanged } of follow("ProviderChanged", { after }, until)) {
        after = providerChanged.asOf;
        const rest = (providers.value ?? []).filter((each) => each.id !== providerChanged.id);
        const { provider } = providerChanged;
        note(provider ? [...rest, provider].sort((a, b) => (a.id < b.id ? -1 : 1)) : rest);
      }
    } catch {
      // polled until it can be followed again
    }
    told.value = false;
    if (!until.aborted) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

export function Live() {
  const paused = useSignal(false);
  const wrong = useSignal("");
  useEffect(() => {
    let timer = 0;
    let ended = false;
    async function turn(): Promise<void> {
      try {
        if (!document.hidden) await refresh();
        wrong.value = "";
      } catch (error) {
        wrong.value = (error as Error).message;
      }
      if (!ended) timer = window.setTimeout(() => void turn(), EVERY_MS);
    }
    const following = new AbortController();
    if (!paused.value) {
      void turn();
      void followProviders(following.signal);
    }
    return () => {
      ended = true;
      following.abort();
      clearTimeout(timer);
    };
  }, [paused.value]);
  return (
    <div class="live page">
      <div class="row">
        <p class="hint grow" aria-live="off">
          {skew.value !== 0 && (
            <b>
              {t("clock")}: {momentText(new Date(now()).toISOString())} ·{" "}
            </b>
          )}
          {told.value ? t("follows") : t("refreshed")} {last.value === null ? "–" : clockText(last.value)}
        </p>
        <button onClick={() => (paused.value = !paused.value)}>{t(paused.value ? "resume" : "pause")}</button>
      </div>
      {wrong.value && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
      <Board />
      <Registers />
      <section aria-labelledby="changes">
        <h2 id="changes">{t("changes")}</h2>
        {changes.value.length === 0 ? (
          <p class="quiet">{t("noChanges")}</p>
        ) : (
          <ol class="feed" aria-live="polite">
            {changes.value.map(({ when, what, from, to }) => (
              <li key={`${when} ${what}`}>
                <time>{clockText(when)}</time> <b>{what}</b> {from} → <b>{to}</b>
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}

function Board() {
  const found = providers.value;
  if (found === null) return <p class="hint">{t("running")}</p>;
  return (
    <section aria-labelledby="board">
      <h2 id="board">
        {t("board")} <small>{`${count(found.length)}${complete.value ? "" : "+"} ${t("providersShown")}`}</small>
      </h2>
      <div class="board">
        {STATUSES.map((status) => {
          const here = found.filter((each) => each.status === status);
          return (
            <div key={status} class={`column ${status}`} role="group" tabIndex={0} aria-label={`${word(status)}: ${here.length}`}>
              <h3>
                {word(status)} <b class="number">{count(here.length)}</b>
              </h3>
              <ul>
                {here.slice(0, CARDS_MAX).map(({ id, name, sector, liveFrom, route }) => (
                  <li key={id}>
                    <b>{name ?? id}</b>
                    <small>
                      {word(sector)}
                      {route ? ` · ${route}` : ""}
                      {status === "LIVE" && liveFrom ? ` · ${momentText(liveFrom)}` : ""}
                    </small>
                  </li>
                ))}
                {here.length > CARDS_MAX && <li class="rest">+ {count(here.length - CARDS_MAX)}</li>}
              </ul>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Registers() {
  const found = registers.value;
  if (found === null) return null;
  return (
    <section aria-labelledby="freshness">
      <h2 id="freshness">{t("freshness")}</h2>
      <div class="table" tabIndex={0} role="group" aria-labelledby="freshness">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("register")}</th>
              <th scope="col">{t("state")}</th>
              <th scope="col">{t("silence")}</th>
              <th scope="col">{t("maxSilence")}</th>
              <th scope="col">{t("heardFrom")}</th>
              <th scope="col" class="number">
                {t("authorities")}
              </th>
              <th scope="col" class="number">
                {t("staleDecisions")}
              </th>
              <th scope="col">{t("connectors")}</th>
            </tr>
          </thead>
          <tbody>
            {found.map((each) => (
              <tr key={each.id}>
                <th scope="row">
                  {each.id} {each.name && <small>{each.name}</small>}
                </th>
                <td>
                  <span class={`state ${each.stale ? "ended" : "inForce"}`}>{t(each.stale ? "stale" : "fresh")}</span>
                </td>
                <td>
                  {each.heardFrom === null ? "–" : lengthText(each.silence)}
                  <Silence of={each} />
                </td>
                <td>{each.maxSilence === null ? "∞" : lengthText(each.maxSilence)}</td>
                <td>{momentText(each.heardFrom)}</td>
                <td class="number">{each.authorityCount === null ? "–" : count(each.authorityCount)}</td>
                <td class="number">{each.staleDecisions === null ? "–" : count(each.staleDecisions.count)}</td>
                <td>
                  {each.connectors.map(({ name, breaker, quarantine }) => (
                    <div key={name}>
                      {name} <small>{`${breaker}${quarantine ? ` · ${quarantine}` : ""}`}</small>
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

// How much of the silence that it may keep has passed.
function Silence({ of }: { of: Register }) {
  if (of.silence === null || of.maxSilence === null) return null;
  const share = Math.min(1, length(of.silence) / Math.max(1, length(of.maxSilence)));
  return (
    <svg class={of.stale ? "silence stale" : "silence"} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="4" />
      <rect class="passed" width={share * 100} height="4" />
    </svg>
  );
}
