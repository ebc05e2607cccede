"""The finance desk: who may open it, and what is done there."""
