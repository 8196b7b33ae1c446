// Light or dark: as the system has it, until somebody says otherwise here.
import { effect, signal } from "@preact/signals";

export type Theme = "light" | "dark";
const system = matchMedia("(prefers-color-scheme: dark)");
const kept = sessionStorage.getItem("theme");

export const theme = signal<Theme>(kept === "light" || kept === "dark" ? kept : system.matches ? "dark" : "light");

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
});

system.addEventListener("change", (event) => {
  if (!sessionStorage.getItem("theme")) theme.value = event.matches ? "dark" : "light";
});

export function turn(): void {
  theme.value = theme.value === "dark" ? "light" : "dark";
  sessionStorage.setItem("theme", theme.value);
}
