// What parts of the page share: the panel's tab, and what is told to whoever listens.
import { signal } from "@preact/signals";

export type Tab = "node" | "question" | "suppose";
export const tab = signal<Tab>("node");
export const told = signal("");

export function tell(text: string): void {
  told.value = text;
}

export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
