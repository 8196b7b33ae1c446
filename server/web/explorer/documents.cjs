// A plugin of GraphQL Code Generator: every operation as one line of text, and the types that belong to it.
const { print, stripIgnoredCharacters, visit } = require("graphql");

function fragmentsOf(node, all, found = new Map()) {
  visit(node, {
    FragmentSpread(spread) {
      const name = spread.name.value;
      if (!found.has(name)) {
        found.set(name, all.get(name));
        fragmentsOf(all.get(name), all, found);
      }
    },
  });
  return found;
}

module.exports = {
  plugin(_schema, files) {
    const definitions = files.flatMap((file) => file.document.definitions);
    const fragments = new Map(
      definitions.filter((each) => each.kind === "FragmentDefinition").map((each) => [each.name.value, each]),
    );
    const operations = definitions
      .filter((each) => each.kind === "OperationDefinition")
      .sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
    const texts = operations.map((operation) => {
      const parts = [operation, ...fragmentsOf(operation, fragments).values()];
      const text = stripIgnoredCharacters(parts.map(print).join("\n"));
      return `  ${operation.name.value}: ${JSON.stringify(text)},`;
    });
    const types = operations.map((operation) => {
      const name = operation.name.value;
      const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1);
      return `  ${name}: { variables: types.${name}${kind}Variables; result: types.${name}${kind} };`;
    });
    return [
      'import type * as types from "./types";',
      "",
      "export const documents = {",
      ...texts,
      "} as const;",
      "",
      "export interface Operations {",
      ...types,
      "}",
      "",
    ].join("\n");
  },
};
