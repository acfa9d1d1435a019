"""Background work on outputs: what the scheduler and the doors ask for."""
