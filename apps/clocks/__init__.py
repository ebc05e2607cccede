"""Time limits at work: standstill, reminders and escalation, reckoning anew, and who took how long."""
