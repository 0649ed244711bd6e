"""A provider that costs nothing: EvoLink's published video contract, made runnable."""
