"""How a change of bodies, people or posts is refused."""


class NotChanged(Exception):
    """A change that cannot be made; the message says why, in the reader's language."""
