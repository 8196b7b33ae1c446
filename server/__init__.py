"""The Starlette application: HTTP, health, GraphiQL; and the command line in `server.cli`."""
