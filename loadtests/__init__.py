"""Load tests over HTTP. Nothing here yet."""
