// What parts of the page share: the panel's tab, and what is told to whoever listens.
import { signal } from "@preact/signals";

export type Tab = "node" | "question" | "suppose";
export const tab = signal<Tab>("node");
export const told = signal("");

// On a phone the panel lies below the graph: what is chosen there is brought into sight.
export function bringPanel(): void {
  if (matchMedia("(max-width: 860px)").matches) document.querySelector(".panel")?.scrollIntoView();
}

export function tell(text: string): void {
  told.value = text;
}

export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
