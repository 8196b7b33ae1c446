// Instants and days. A day begins at midnight in Amsterdam, as in the law; shown in the reader's own language.
import { language, t } from "./words";

const ZONE = "Europe/Amsterdam";
export const DAY = 86_400_000;
// The year 1 says: since ever.
const SINCE_EVER = "0001-01-01T00:00:00Z";

function locale(): string {
  return language.value === "nl" ? "nl-NL" : "en-GB";
}

export function day(ms: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }).format(ms);
}

// The instant at which a day YYYY-MM-DD begins in Amsterdam; NaN for what is no day.
export function startOf(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return Number.NaN;
  const utc = Date.parse(`${text}T00:00:00Z`);
  for (const hours of [2, 1, 0]) {
    const moment = utc - hours * 3_600_000;
    if (day(moment) === text && day(moment - 1) !== text) return moment;
  }
  return utc;
}

export function ms(moment: string): number {
  return moment.length === 10 ? startOf(moment) : Date.parse(moment);
}

export function dayText(moment: string | null | undefined): string {
  if (!moment || moment === SINCE_EVER) return "–";
  const at = ms(moment);
  return Number.isNaN(at) ? moment : new Intl.DateTimeFormat(locale(), { timeZone: ZONE, dateStyle: "medium" }).format(at);
}

export function momentText(moment: string | null | undefined): string {
  if (!moment || moment === SINCE_EVER) return "–";
  const at = ms(moment);
  if (Number.isNaN(at)) return moment;
  if (startOf(day(at)) === at) return dayText(moment);
  const form = { timeZone: ZONE, dateStyle: "medium", timeStyle: "short" } as const;
  return new Intl.DateTimeFormat(locale(), form).format(at);
}

export function clockText(at: number): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium" }).format(at);
}

// ISO 8601 in days, hours, minutes and seconds, as milliseconds.
export function length(duration: string): number {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (!found) return 0;
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

export function lengthText(duration: string | null | undefined): string {
  if (!duration) return t("never");
  const units: [number, string][] = [
    [DAY, "day"],
    [3_600_000, "hour"],
    [60_000, "minute"],
    [1000, "second"],
  ];
  const total = length(duration);
  const [size, unit] = units.find(([each]) => total >= each) ?? [1000, "second"];
  const form = { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: total < 3 * size ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale(), form).format(total / size);
}
