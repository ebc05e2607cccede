"""Starts processes that end with us, whatever ends us."""

import ctypes
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1


def start_child(command: list[str], *, at_our_end: signal.Signals, **how) -> subprocess.Popen:
    """Start a process in a session of its own, so that Ctrl-C reaches us alone and we stop things in order.

    Should we be killed, the kernel sends it `at_our_end` (Linux); elsewhere the next start clears it away.
    """

    def before_it_runs() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, at_our_end)

    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=before_it_runs,  # safe: we have no threads
        **how,
    )
