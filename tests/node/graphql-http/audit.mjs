// Every audit of graphql-http against the URL given; one line of JSON for each.
import { serverAudits } from "graphql-http";

for (const { fn } of serverAudits({ url: process.argv[2] })) {
  const { id, name, status, reason } = await fn();
  console.log(JSON.stringify({ id, name, status, reason }));
}
