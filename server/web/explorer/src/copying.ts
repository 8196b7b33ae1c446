// A question and its answer as something to take along: a query, a command, a test case. Ids only, never a name.
import type { Asked } from "./asking";
import type { Question } from "./generated/types";

export const FORMS = ["GraphQL", "curl", "CLI", "testCase"] as const;
export type Form = (typeof FORMS)[number];

const QUERY = `query Decision($question: Question!) {
  decision(question: $question) {
    outcome reason requiredConsents stepUp validUntil
    grounds { id kind }
  }
}`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// As facts files and the command line have it.
function plain(question: Question): Record<string, unknown> {
  const { knownAt, ...rest } = question;
  return knownAt ? { ...rest, known_at: knownAt } : rest;
}

export function written({ question, explained }: Asked, form: Form): string {
  if (!question) return "";
  if (form === "GraphQL") return `${QUERY}\n\n# variables\n${JSON.stringify({ question }, null, 2)}\n`;
  if (form === "curl") {
    const body = JSON.stringify({ query: QUERY.replace(/\s+/g, " "), variables: { question } });
    return `curl -s ${location.origin}/graphql -H 'content-type: application/json' -H "authorization: Bearer $TOKEN" -d ${quoted(body)}`;
  }
  if (form === "CLI") return `machtigen explain --question ${quoted(JSON.stringify(plain(question)))}`;
  if (!explained) return "";
  const { outcome, reason, requiredConsents } = explained.decision;
  const { at, ...rest } = plain(question);
  const expect = { outcome, reason, ...(requiredConsents.length > 0 ? { required_consents: requiredConsents } : {}) };
  return [
    "# machtigen test FILE, or the playground of /explore",
    `now: ${String(at ?? new Date().toISOString())}`,
    "facts:",
    ...explained.facts.map((fact) => `  - ${JSON.stringify(fact)}`),
    "cases:",
    `  - name: ${JSON.stringify(`${question.representative} for ${question.represented}, ${question.service}`)}`,
    `    question: ${JSON.stringify(rest)}`,
    `    expect: ${JSON.stringify(expect)}`,
    "",
  ].join("\n");
}
