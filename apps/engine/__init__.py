"""The kernel: the words a process is written in, and the one door."""
