"""Ledgers and reports."""
