"""What runs inside a function's process, around the function and unknown to it.

Nothing but the standard library and what the function has anyway may be imported here.
"""
