// node compose.cjs schema.graphql: what both compositions say of the three subgraphs together, as JSON.

const apollo = require("@apollo/composition");
const guild = require("@theguild/federation-composition");
const { appointments, directory, machtigen } = require("./subgraphs.cjs");

const subgraphs = [machtigen(process.argv[2]), appointments, directory].map(({ name, typeDefs }) => ({
  name,
  typeDefs,
  url: `http://${name}.example`,
}));
const said = (result) => ({
  errors: (result.errors ?? []).map((error) => error.message),
  hints: (result.hints ?? []).map((hint) => `${hint.definition?.code ?? hint.code}: ${hint.message}`),
  supergraph: result.supergraphSdl ?? "",
});
console.log(
  JSON.stringify({ apollo: said(apollo.composeServices(subgraphs)), guild: said(guild.composeServices(subgraphs)) }),
);
