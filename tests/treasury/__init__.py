"""The fiscal special account: what is booked, what the bank says, and what is locked."""
