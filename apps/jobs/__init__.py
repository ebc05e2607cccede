"""Background work that survives kills: the job row is the truth, a message only a wake-up."""
