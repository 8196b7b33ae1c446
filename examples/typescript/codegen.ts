import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: process.env.SCHEMA ?? "../../schema/schema.graphql",
  documents: "operations/*.graphql",
  generates: {
    "src/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        skipTypename: true,
        strictScalars: true,
        scalars: { ID: "string", DateTime: "string", Duration: "string", JSON: "unknown", _Any: "unknown", federation__FieldSet: "string" },
      },
    },
  },
};

export default config;
