"""The GraphQL types, the committed `schema.graphql` and, later, the operation compiler."""
