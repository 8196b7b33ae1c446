// The shape of each kind, the same beside a text as in the graph.
import type { FactType } from "./generated/types";

const POINTS: Record<Exclude<FactType, "person" | "organisation" | "register">, string> = {
  provider: "5,2.5 15,2.5 19,10 15,17.5 5,17.5 1,10",
  service: "2,4 13,4 19,10 13,16 2,16",
  authority: "10,1 19,10 10,19 1,10",
  employment: "1,4 14,4 19,16 6,16",
  consent: "10,2 19,17 1,17",
  ability: "6,1 14,1 19,6 19,14 14,19 6,19 1,14 1,6",
  block: "1,2 10,7 19,2 10,18",
};

export function Icon({ type }: { type: FactType }) {
  return (
    <svg class={`icon of-${type}`} viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
      {type === "person" ? (
        <circle cx="10" cy="10" r="8.5" />
      ) : type === "organisation" ? (
        <rect x="1.5" y="1.5" width="17" height="17" rx="4" />
      ) : type === "register" ? (
        <path d="M2 4c4-3 12-3 16 0v12c-4 3-12 3-16 0z" />
      ) : (
        <polygon points={POINTS[type]} />
      )}
    </svg>
  );
}
