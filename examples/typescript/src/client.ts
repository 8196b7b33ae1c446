// A typed client of Machtigen in one file: ask once, or follow what changes. Nothing but fetch is needed.

import type { TypedDocumentString } from "./generated/graphql.ts";

/** What the service says is wrong. `code` is stable (docs/frontend.md); `retryable`: the same may succeed later. */
export class MachtigenError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(message: string, code: string, retryable: boolean) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}

interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: string; retryable?: boolean } }[];
}

const PAUSE_MS_MAX = 10_000;
/** The service says something every 15 seconds at least; a connection that says nothing for so long is none. */
const SILENCE_MS_MAX = 40_000;

export class Machtigen {
  readonly #url: string;
  readonly #token: () => string;
  readonly #language: () => string;

  /** `token`: the bearer token of whoever is logged in now. `language`: of the texts, nl or en. */
  constructor(url: string, token: () => string, language: () => string = () => "nl") {
    this.#url = url;
    this.#token = token;
    this.#language = language;
  }

  /** The answer. Throws MachtigenError: an answer with errors is none, whatever else stands in it. */
  async ask<T, V>(document: TypedDocumentString<T, V>, variables: V): Promise<T> {
    const response = await this.#send(document, variables, "application/graphql-response+json");
    return data((await response.json()) as Answer<T>);
  }

  /**
   * Each event of a subscription, for ever: a connection that breaks is made again, after what was told last.
   * `resume` writes into the variables where to go on. `broken` is called when the connection breaks or falls silent:
   * what was told last is not known any more until the next event. Throws MachtigenError where trying again is of no
   * use.
   */
  async *follow<T, V>(
    document: TypedDocumentString<T, V>,
    variables: V,
    resume: (variables: V, told: T) => V,
    signal: AbortSignal,
    broken: () => void = () => undefined,
  ): AsyncGenerator<T, void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        const response = await this.#send(document, variables, "text/event-stream", signal);
        for await (const event of events(response)) {
          const told = data(JSON.parse(event) as Answer<T>);
          failures = 0;
          variables = resume(variables, told);
          yield told;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof MachtigenError && !error.retryable) {
          broken();
          throw error;
        }
      }
      if (signal.aborted) return;
      broken();
      failures += 1;
      await pause(Math.min(250 * 2 ** failures, PAUSE_MS_MAX) * (0.5 + Math.random() / 2), signal);
    }
  }

  async #send<T, V>(
    document: TypedDocumentString<T, V>,
    variables: V,
    accept: string,
    signal: AbortSignal | null = null,
  ): Promise<Response> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: {
        accept,
        authorization: `Bearer ${this.#token()}`,
        "accept-language": this.#language(),
        "content-type": "application/json",
      },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal,
    });
    const type = response.headers.get("content-type") ?? "";
    if (!type.includes("json") && !type.startsWith("text/event-stream"))
      throw new MachtigenError(`the service answers ${response.status}`, "NO_ANSWER", response.status >= 500);
    if (accept === "text/event-stream" && type.includes("json")) data((await response.json()) as Answer<T>);
    return response;
  }
}

function data<T>(answer: Answer<T>): T {
  const [error] = answer.errors ?? [];
  if (error)
    throw new MachtigenError(error.message, error.extensions?.code ?? "", error.extensions?.retryable ?? false);
  if (answer.data === undefined || answer.data === null) throw new MachtigenError("no data", "NO_ANSWER", true);
  return answer.data;
}

/** The data of each `next` event, until `complete` or the end (the event stream format of HTML). */
async function* events(response: Response): AsyncGenerator<string, void> {
  if (!response.body) return;
  let rest = "";
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await soon(reader.read());
      if (done) return;
      rest += value;
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const lines = block.split("\n");
        if (lines.includes("event: complete")) return;
        const said = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trimStart());
        if (said.length) yield said.join("\n");
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** What is promised, or an error where it does not come in time. */
function soon<T>(promised: Promise<T>): Promise<T> {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error("the service says nothing")), SILENCE_MS_MAX);
    promised.then(done, failed).finally(() => clearTimeout(timer));
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
