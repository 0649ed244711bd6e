def main() -> None:
    """Start the emulator.

    The program is imported here and not above: render workers import this module again.
    """
    from provider_emulator.program import run  # noqa: PLC0415 - see above

    run()
