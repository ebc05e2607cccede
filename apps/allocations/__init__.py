"""The records of what streets are given: yearly allocations and start-up grants, each street's share; no process."""
