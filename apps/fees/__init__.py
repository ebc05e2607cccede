"""Assessments of the transfer fee."""
