// node follow.mjs sse|ws URL TOKEN QUERY VARIABLES COUNT: so many events of a subscription by the protocol's own client,
// one JSON a line, then that of a query and the code of an error on the same client.

import { createClient as sse } from "graphql-sse";
import { createClient as ws } from "graphql-ws";

const [kind, url, token, query, variables, count] = process.argv.slice(2);
const authorization = `Bearer ${token}`;
const client =
  kind === "sse"
    ? sse({ url, headers: { authorization } })
    : ws({ url: url.replace("http", "ws"), connectionParams: { authorization } });

let left = Number(count);
for await (const { data } of client.iterate({ query, variables: JSON.parse(variables) })) {
  console.log(JSON.stringify(data));
  if (--left === 0) break;
}
for await (const { data } of client.iterate({ query: '{ provider(id: "h1") { id } }' })) console.log(JSON.stringify(data));
try {
  for await (const { errors } of client.iterate({ query: "subscription { nothing }" })) throw errors;
} catch (errors) {
  console.log(JSON.stringify(errors.map((error) => error.extensions.code)));
}
client.dispose();
