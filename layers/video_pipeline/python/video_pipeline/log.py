"""The log that all functions share: one line of JSON each, with the request's id.

Nothing that opens a door is logged: no path of a callback, no link, no token, no key, no prompt.
"""

from aws_lambda_powertools import Logger

logger = Logger()
