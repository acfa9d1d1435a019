"""Background work on content: what the scheduler and the doors ask for."""
