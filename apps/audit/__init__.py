"""The audit trail: streams of events that are only ever added to, chained, sealed and verified."""
