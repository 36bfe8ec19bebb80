"""Where engine and tables meet: one step of the engine, and rows that agree with it."""
