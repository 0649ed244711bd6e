"""A bare interpreter under the runtime client: what nobody can save."""


def handler(event: object, context: object) -> dict[str, object]:
    return {}
