// A plugin of GraphQL Code Generator: the hash of every operation, as the server's own list has it (build.py writes
// that first), and the types that belong to it.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

module.exports = {
  plugin() {
    const list = JSON.parse(readFileSync(join(__dirname, "src/generated/documents.json"), "utf8"));
    const capital = (word) => word[0].toUpperCase() + word.slice(1);
    return [
      'import type * as types from "./types";',
      "",
      "export const documents = {",
      ...list.operations.map(({ name, id }) => `  ${name}: ${JSON.stringify(id)},`),
      "} as const;",
      "",
      "export interface Operations {",
      ...list.operations.map(({ name, type }) => {
        const kind = `types.${name}${capital(type)}`;
        return `  ${name}: { variables: ${kind}Variables; result: ${kind}; type: ${JSON.stringify(type)} };`;
      }),
      "}",
      "",
    ].join("\n");
  },
};
