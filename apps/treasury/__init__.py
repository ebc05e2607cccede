"""The fiscal special account: its journal, its bank statements, its months."""
