/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Places($after: String) {\n  providers(first: 100, after: $after) {\n    nodes {\n      id\n      name\n      live\n      services {\n        id\n        name\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Whom($representative: ID!, $provider: ID!, $service: ID!, $assurance: Assurance!, $organisation: ID, $after: String) {\n  representedBy(\n    representative: $representative\n    provider: $provider\n    service: $service\n    assurance: $assurance\n    organisation: $organisation\n    first: 50\n    after: $after\n  ) {\n    nodes {\n      person {\n        id\n        name\n      }\n      decision {\n        outcome\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Decide($question: Question!, $atLeast: String) {\n  decision(question: $question, atLeast: $atLeast) {\n    ...Shown\n  }\n}\n\nsubscription Follow($question: Question!, $after: String) {\n  decisionChanged(question: $question, after: $after) {\n    cause\n    resume\n    decision {\n      ...Shown\n    }\n  }\n}\n\nmutation Withdraw($id: ID!) {\n  withdrawMandate(id: $id) {\n    asOf\n    userErrors {\n      code\n      message\n    }\n  }\n}\n\nfragment Shown on Decision {\n  outcome\n  reason\n  stepUp\n  requiredConsents\n  validUntil\n  asOf\n  reasons {\n    code\n    text\n  }\n  grounds {\n    id\n    kind\n    status\n    validUntil\n  }\n}": typeof types.PlacesDocument,
};
const documents: Documents = {
    "query Places($after: String) {\n  providers(first: 100, after: $after) {\n    nodes {\n      id\n      name\n      live\n      services {\n        id\n        name\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Whom($representative: ID!, $provider: ID!, $service: ID!, $assurance: Assurance!, $organisation: ID, $after: String) {\n  representedBy(\n    representative: $representative\n    provider: $provider\n    service: $service\n    assurance: $assurance\n    organisation: $organisation\n    first: 50\n    after: $after\n  ) {\n    nodes {\n      person {\n        id\n        name\n      }\n      decision {\n        outcome\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Decide($question: Question!, $atLeast: String) {\n  decision(question: $question, atLeast: $atLeast) {\n    ...Shown\n  }\n}\n\nsubscription Follow($question: Question!, $after: String) {\n  decisionChanged(question: $question, after: $after) {\n    cause\n    resume\n    decision {\n      ...Shown\n    }\n  }\n}\n\nmutation Withdraw($id: ID!) {\n  withdrawMandate(id: $id) {\n    asOf\n    userErrors {\n      code\n      message\n    }\n  }\n}\n\nfragment Shown on Decision {\n  outcome\n  reason\n  stepUp\n  requiredConsents\n  validUntil\n  asOf\n  reasons {\n    code\n    text\n  }\n  grounds {\n    id\n    kind\n    status\n    validUntil\n  }\n}": types.PlacesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Places($after: String) {\n  providers(first: 100, after: $after) {\n    nodes {\n      id\n      name\n      live\n      services {\n        id\n        name\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Whom($representative: ID!, $provider: ID!, $service: ID!, $assurance: Assurance!, $organisation: ID, $after: String) {\n  representedBy(\n    representative: $representative\n    provider: $provider\n    service: $service\n    assurance: $assurance\n    organisation: $organisation\n    first: 50\n    after: $after\n  ) {\n    nodes {\n      person {\n        id\n        name\n      }\n      decision {\n        outcome\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}\n\nquery Decide($question: Question!, $atLeast: String) {\n  decision(question: $question, atLeast: $atLeast) {\n    ...Shown\n  }\n}\n\nsubscription Follow($question: Question!, $after: String) {\n  decisionChanged(question: $question, after: $after) {\n    cause\n    resume\n    decision {\n      ...Shown\n    }\n  }\n}\n\nmutation Withdraw($id: ID!) {\n  withdrawMandate(id: $id) {\n    asOf\n    userErrors {\n      code\n      message\n    }\n  }\n}\n\nfragment Shown on Decision {\n  outcome\n  reason\n  stepUp\n  requiredConsents\n  validUntil\n  asOf\n  reasons {\n    code\n    text\n  }\n  grounds {\n    id\n    kind\n    status\n    validUntil\n  }\n}"): typeof import('./graphql').PlacesDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
