"""Looks at everything that a stack needs to work, and says of each thing how to mend it."""
