import type { CodegenConfig } from "@graphql-codegen/cli";

// Types of every operation from the committed schema, and the text of each with the fragments that it needs.
const config: CodegenConfig = {
  schema: "../../../schema/schema.graphql",
  documents: "operations/*.graphql",
  generates: {
    "src/generated/types.ts": {
      plugins: ["typescript-operations"],
      config: {
        enumType: "string-literal",
        scalars: { ID: "string", DateTime: "string", Duration: "string", JSON: "unknown", _Any: "unknown" },
        useTypeImports: true,
        skipTypename: true,
      },
    },
    "src/generated/documents.ts": { plugins: ["./documents.cjs"] },
  },
};

export default config;
