// The only way to the server: our own operations, by name, over POST. Says who asks and why, never in an address.
import { signal } from "@preact/signals";
import { documents, type Operations } from "./generated/documents";
import { language, t } from "./words";

export type Name = keyof Operations;
type OfType<T extends string> = { [N in Name]: Operations[N]["type"] extends T ? N : never }[Name];
type Query = OfType<"query">;
export type Subscription = OfType<"subscription">;
export type Result<N extends Name> = Operations[N]["result"];

export const purpose = signal(sessionStorage.getItem("purpose") ?? "");
export const token = signal<string | null>(null);
// The server has refused who asks: the page then asks for a token.
export const refused = signal(false);

export class Refusal extends Error {
  constructor(
    message: string,
    readonly code: string,
    readonly field: string | undefined,
  ) {
    super(message);
  }
}

export function statePurpose(said: string): void {
  purpose.value = said;
  sessionStorage.setItem("purpose", said);
}

// With --dev, and in the demo, the page says where it gets a token by itself.
let atDev: Promise<void> | null = null;
async function signInAtDev(): Promise<void> {
  const place = document.querySelector<HTMLMetaElement>("meta[name=token-at]")?.content;
  if (!place || token.value !== null) return;
  const answer = await fetch(place, { headers: { accept: "application/json" } });
  const said: unknown = answer.ok ? await answer.json() : null;
  if (typeof said === "object" && said !== null && "access_token" in said) token.value = String(said.access_token);
}

interface Body<N extends Name> {
  data?: Result<N> | null;
  errors?: { message: string; extensions?: { code?: string; field?: string } }[];
}

export async function ask<N extends Query>(name: N, variables: Operations[N]["variables"]): Promise<Result<N>> {
  await (atDev ??= signInAtDev().catch(() => undefined));
  const asker = token.value;
  const answer = await sent(name, variables);
  // an answer that comes late says nothing of a token that was given since
  if (answer.status === 401 && asker === token.value) refused.value = true;
  let body: Body<N>;
  try {
    body = (await answer.json()) as Body<N>;
  } catch {
    throw new Refusal(`${t("failed")} (${answer.status})`, "BAD_ANSWER", undefined);
  }
  const [wrong] = body.errors ?? [];
  if (wrong || !body.data) {
    const code = wrong?.extensions?.code ?? "BAD_ANSWER";
    throw new Refusal(wrong?.message ?? t("failed"), code, wrong?.extensions?.field);
  }
  return body.data;
}

async function sent<N extends Name>(
  name: N,
  variables: Operations[N]["variables"],
  accept = "application/graphql-response+json, application/json;q=0.9",
  signal?: AbortSignal,
): Promise<Response> {
  await (atDev ??= signInAtDev().catch(() => undefined));
  const headers: Record<string, string> = {
    "content-type": "application/json",
    accept,
    "accept-language": language.value,
  };
  if (purpose.value) headers["machtigen-purpose"] = purpose.value.replace(/[^\x20-\x7e\xa0-\xff]/g, "?");
  if (token.value) headers["authorization"] = `Bearer ${token.value}`;
  try {
    const body = JSON.stringify({ documentId: documents[name], variables });
    return await fetch("/graphql", { method: "POST", headers, body, ...(signal ? { signal } : {}) });
  } catch {
    throw new Refusal(t("unreachable"), "UNREACHABLE", undefined);
  }
}

// What is told as it happens, until the signal; ends with a Refusal where the server will not or cannot tell.
export async function* follow<N extends Subscription>(
  name: N,
  variables: Operations[N]["variables"],
  signal: AbortSignal,
): AsyncGenerator<Result<N>> {
  const answer = await sent(name, variables, "text/event-stream", signal);
  if (!answer.ok || !answer.body || !answer.headers.get("content-type")?.startsWith("text/event-stream")) {
    throw new Refusal(`${t("failed")} (${answer.status})`, "BAD_ANSWER", undefined);
  }
  for await (const { event, data } of eventsIn(answer.body)) {
    if (event === "complete") return;
    if (event !== "next" || !data) continue;
    const { data: result, errors } = JSON.parse(data) as Body<N>;
    if (errors?.[0]) throw new Refusal(errors[0].message, errors[0].extensions?.code ?? "BAD_ANSWER", undefined);
    if (result) yield result;
  }
}

// https://html.spec.whatwg.org/multipage/server-sent-events.html, as far as GraphQL over it goes.
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<{ event: string; data: string }> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const said = (field: string) =>
        block.split("\n").filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).trim()).join("\n");
      yield { event: said("event"), data: said("data") };
    }
  }
}
