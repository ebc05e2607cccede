"""The register of policy documents, their clauses and the dated rules."""
