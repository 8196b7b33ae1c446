// The day that is looked at: a slider over all that is shown, with a mark wherever something begins or ends.
import { useEffect, useRef } from "preact/hooks";
import { againIfAsked } from "./asking";
import { at, knownAt, lookAgain, moment, now, turns } from "./nodes";
import { tell } from "./shell";
import { DAY, day, dayText, startOf } from "./time";
import { t } from "./words";

const SETTLE_MS = 250;

export function TimeBar() {
  const present = now();
  const marks = turns.value;
  const first = Math.min(present - 365 * DAY, ...marks.slice(0, 1).map((each) => each - 30 * DAY));
  const last = Math.max(present + 365 * DAY, ...marks.slice(-1).map((each) => each + 30 * DAY));
  const here = moment();
  const timer = useRef(0);

  // the graph follows at once, questions are asked again when the hand rests
  function go(to: number | null): void {
    at.value = to;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      againIfAsked();
      tell(`${t("time")} ${dayText(new Date(moment()).toISOString())}`);
    }, SETTLE_MS);
  }

  useEffect(() => () => clearTimeout(timer.current), []);

  function known(to: string | null): void {
    knownAt.value = to;
    lookAgain()
      .then(() => go(at.value))
      .catch((wrong: Error) => tell(wrong.message));
  }

  const before = marks.filter((each) => each < here - 1000).at(-1);
  const after = marks.find((each) => each > here + 1000);
  const share = (each: number) => ((each - first) / (last - first)) * 1000;
  return (
    <section class="timebar" aria-label={t("time")}>
      <div class="row">
        <label for="day">{t("time")}</label>
        <input
          id="day"
          type="date"
          value={day(here)}
          onChange={(event) => {
            const chosen = startOf(event.currentTarget.value);
            if (!Number.isNaN(chosen)) go(chosen);
          }}
        />
        <button class="small" aria-label={t("previousChange")} title={t("previousChange")} disabled={before === undefined} onClick={() => go(before!)}>
          ‹
        </button>
        <button class="small" aria-label={t("nextChange")} title={t("nextChange")} disabled={after === undefined} onClick={() => go(after!)}>
          ›
        </button>
        <button class="small" disabled={at.value === null} onClick={() => go(null)}>
          {t("now")}
        </button>
        <span class="grow" />
        <label for="known">{t("knownAt")}</label>
        <input
          id="known"
          type="date"
          value={knownAt.value === null ? "" : day(Date.parse(knownAt.value))}
          onChange={(event) => {
            const chosen = startOf(event.currentTarget.value);
            known(Number.isNaN(chosen) ? null : new Date(chosen).toISOString());
          }}
        />
        <button class="small" disabled={knownAt.value === null} title={t("knownAll")} onClick={() => known(null)}>
          {t("now")}
        </button>
      </div>
      <div class="slider">
        <svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
          {marks.map((each) => (
            <line key={each} x1={share(each)} x2={share(each)} y1="1" y2="11" />
          ))}
          <line class="today" x1={share(present)} x2={share(present)} y1="0" y2="12" />
        </svg>
        <input
          type="range"
          min={Math.floor(first / DAY)}
          max={Math.ceil(last / DAY)}
          step="1"
          value={Math.floor(here / DAY)}
          aria-label={t("time")}
          aria-valuetext={dayText(new Date(here).toISOString())}
          onInput={(event) => go(startOf(day(Number(event.currentTarget.value) * DAY + DAY / 2)))}
        />
      </div>
    </section>
  );
}
