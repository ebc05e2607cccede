"""The administrators' desk: people and posts, organisations, calendar, the operator's page."""
