"""The enterprise desk: batches, rosters and their faults."""
