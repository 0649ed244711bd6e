class LocalStackError(Exception):
    """The local stack cannot do what was asked; the message says what to do about it."""
