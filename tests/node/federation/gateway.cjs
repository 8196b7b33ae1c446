// node gateway.cjs schema.graphql URL: two more subgraphs and a gateway over all three, until it is stopped.
// Prints the gateway's address. It has a token of its own, which it never sends: the caller's is passed on.

const { createServer } = require("node:http");
const { ApolloGateway, RemoteGraphQLDataSource } = require("@apollo/gateway");
const { buildSubgraphSchema } = require("@apollo/subgraph");
const { composeServices } = require("@apollo/composition");
const { graphql, parse, validate } = require("graphql");
const { appointments, directory, machtigen } = require("./subgraphs.cjs");

function listen(answer) {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    try {
      const result = await answer(JSON.parse(body), request.headers);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
    } catch (error) {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    }
  });
  return new Promise((done) =>
    server.listen(0, "127.0.0.1", () => done(`http://127.0.0.1:${server.address().port}/graphql`)),
  );
}

function subgraph({ typeDefs, resolvers }) {
  const schema = buildSubgraphSchema({ typeDefs, resolvers: resolvers() });
  return listen(({ query, variables }) => graphql({ schema, source: query, variableValues: variables }));
}

class PassOn extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const name of ["authorization", "accept-language"])
      if (context.headers?.[name]) request.http.headers.set(name, context.headers[name]);
  }
}

async function main(file, url) {
  const services = [
    { ...machtigen(file), url },
    { ...appointments, url: await subgraph(appointments) },
    { ...directory, url: await subgraph(directory) },
  ];
  const { supergraphSdl, errors } = composeServices(services);
  if (errors) throw new Error(errors.map((error) => error.message).join("\n"));
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url: where }) => new PassOn({ url: where }),
    logger: { debug() {}, info() {}, warn: console.error, error: console.error },
  });
  const { schema, executor } = await gateway.load();
  const address = await listen(({ query, variables = {}, operationName }, headers) => {
    const document = parse(query);
    const wrong = validate(schema, document);
    if (wrong.length) return { errors: wrong };
    const operation = document.definitions.find((each) => each.kind === "OperationDefinition");
    return executor({
      document,
      schema,
      operation,
      operationName,
      source: query,
      queryHash: query,
      request: { query, variables, operationName, http: undefined },
      context: { headers },
      metrics: {},
      overallCachePolicy: {},
      cache: undefined,
      logger: console,
    });
  });
  console.log(address);
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exit(1);
});
