from dataclasses import replace

from video_pipeline.domain.capability import grant, is_genuine

CAPABILITY = grant("secret", "job", 1)


def test_whoever_was_told_the_path_may_ring() -> None:
    assert is_genuine(CAPABILITY, ["secret"])


def test_the_old_key_stays_valid_while_a_new_one_replaces_it() -> None:
    assert is_genuine(CAPABILITY, ["new secret", "secret"])
    assert not is_genuine(CAPABILITY, ["new secret", "newer secret"])


def test_a_path_opens_nothing_but_its_own_attempt() -> None:
    forgeries = [
        replace(CAPABILITY, job_id="other"),
        replace(CAPABILITY, attempt=2),
        replace(CAPABILITY, key_id="00000000"),
        replace(CAPABILITY, proof=CAPABILITY.proof[:-1]),
        replace(CAPABILITY, proof="ü" * 43),
    ]
    assert not any(is_genuine(forgery, ["secret"]) for forgery in forgeries)


def test_the_path_is_short_enough_for_the_provider() -> None:
    """The provider takes callback URLs of at most 2,048 characters [seed]."""
    assert len(grant("secret", "0" * 32, 10).path) < 200
