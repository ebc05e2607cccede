"""How gunicorn serves the demo: `gunicorn --config python:project.running.web project.wsgi`."""

import signal

from project.running.children import end_with_parent

timeout = 120
graceful_timeout = 15
control_socket_disable = True


def post_fork(_server, _worker) -> None:
    """Let a worker end with its master: a killed master's workers would hold the port for a minute."""
    end_with_parent(signal.SIGTERM)
