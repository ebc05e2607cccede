"""The concrete tables that every process moves, and who takes part in which case."""
