"""Starts processes that end with us, whatever ends us."""

import ctypes
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def end_with_parent(number: signal.Signals) -> None:
    """Have the kernel send us a signal when the process that started us ends (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def start_child(command: list[str], *, at_our_end: signal.Signals, **how) -> subprocess.Popen:
    """Start a process in a session of its own, so that Ctrl-C reaches us alone and we stop things in order.

    Should we be killed it gets `at_our_end`; where there is no such thing, the next start clears it away.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: end_with_parent(at_our_end),  # safe: we have no threads
        **how,
    )
