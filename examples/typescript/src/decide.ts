// One decision from Node, typed from the question to the reason:
//   TOKEN=… npm run decide -- http://127.0.0.1:8000/graphql sanne lotte zeeduin record
// `--follow`: and every one that differs from it later.

import { Machtigen } from "./client.ts";
import { DecideDocument, FollowDocument, type Question, type ShownFragment } from "./generated/graphql.ts";

const [url, representative, represented, provider, service, follow] = process.argv.slice(2);
const token = process.env["TOKEN"];
if (!url || !representative || !represented || !provider || !service || !token) {
  console.error("TOKEN=… npm run decide -- URL REPRESENTATIVE REPRESENTED PROVIDER SERVICE [--follow]");
  process.exit(2);
}

const question: Question = { representative, represented, provider, service, assurance: "SUBSTANTIAL" };
const machtigen = new Machtigen(url, () => token, () => "en");

function show(decision: ShownFragment): void {
  console.log(`${decision.outcome} ${decision.reason}: ${decision.reasons[0]?.text ?? ""}`);
}

const { decision } = await machtigen.ask(DecideDocument, { question });
show(decision);
if (follow === "--follow") {
  const changes = machtigen.follow(
    FollowDocument,
    { question, after: decision.asOf },
    (variables, told) => ({ ...variables, after: told.decisionChanged.resume }),
    new AbortController().signal,
  );
  for await (const { decisionChanged } of changes) show(decisionChanged.decision);
}
