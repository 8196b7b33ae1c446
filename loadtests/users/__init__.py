"""Who loads the service: one module a kind of user, each a Locust user class whose tasks are its activities."""
