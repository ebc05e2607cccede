"""How gunicorn serves the site: `gunicorn --config python:project.running.web project.wsgi`.

It keeps no access log of its own: the site writes a line for each request, with what only it knows.
"""

import signal

from project import environment, logs
from project.running.children import end_with_parent

timeout = 120
graceful_timeout = 15
control_socket_disable = True
logconfig_dict = logs.config(environment.log_level())


def post_fork(_server, _worker) -> None:
    """Let a worker end with its master: a killed master's workers would hold the port for a minute."""
    end_with_parent(signal.SIGTERM)
