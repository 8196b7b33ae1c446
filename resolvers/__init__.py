"""What each GraphQL field does, one module a topic."""
