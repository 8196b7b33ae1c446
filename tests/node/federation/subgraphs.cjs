// Two more subgraphs, as other teams would write them: a hospital's appointments, and a directory of care providers.

const { readFileSync } = require("node:fs");
const { parse } = require("graphql");

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])`;

const appointments = {
  name: "appointments",
  typeDefs: parse(`${LINK}
    type Query { appointments: [Appointment!]! }
    type Person @key(fields: "id") { id: ID!  appointments: [Appointment!]! }
    type Provider @key(fields: "id", resolvable: false) { id: ID! }
    type Appointment { at: String!  patient: Person!  provider: Provider! }
  `),
  resolvers: () => {
    const all = ["child", "father", "mother", "client"].map((patient, day) => ({
      at: `2026-12-0${day + 1}T09:00:00Z`,
      patient: { id: patient },
      provider: { id: "h1" },
    }));
    const of = (id) => ({ id, appointments: all.filter((each) => each.patient.id === id) });
    return { Query: { appointments: () => all }, Person: { __resolveReference: ({ id }) => of(id) } };
  },
};

const directory = {
  name: "directory",
  typeDefs: parse(`${LINK}
    type Query { directory(after: String): ProviderPage! }
    type Provider @key(fields: "id") { id: ID!  address: String! }
    type ProviderPage { nodes: [Provider!]!  pageInfo: PageInfo! }
    type PageInfo @shareable { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
  `),
  resolvers: () => {
    const addresses = { h1: "Kade 1, Duinstad", t1: "Plein 2, Duinstad" };
    const of = (id) => ({ id, address: addresses[id] ?? "unknown" });
    const page = { nodes: Object.keys(addresses).map(of), pageInfo: { hasNextPage: false, hasPreviousPage: false } };
    return { Query: { directory: () => page }, Provider: { __resolveReference: ({ id }) => of(id) } };
  },
};

/** The service itself, by the schema that is committed. */
const machtigen = (file) => ({ name: "machtigen", typeDefs: parse(readFileSync(file, "utf8")) });

module.exports = { appointments, directory, machtigen };
