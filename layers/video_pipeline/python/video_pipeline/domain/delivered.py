"""Where a finished video is not what was asked for; it was paid, so it is kept and remarked on."""

from collections.abc import Iterator

from video_pipeline.domain.media import VideoFacts
from video_pipeline.domain.request import VideoRequest

SECONDS_TOLERANCE = 0.25

SIZES = {
    ("480p", "16:9"): (864, 496),
    ("480p", "4:3"): (752, 560),
    ("480p", "1:1"): (640, 640),
    ("480p", "3:4"): (560, 752),
    ("480p", "9:16"): (496, 864),
    ("480p", "21:9"): (992, 432),
    ("720p", "16:9"): (1280, 720),
    ("720p", "4:3"): (1112, 834),
    ("720p", "1:1"): (960, 960),
    ("720p", "3:4"): (834, 1112),
    ("720p", "9:16"): (720, 1280),
    ("720p", "21:9"): (1470, 630),
}
"""Pixels by quality and ratio [the model's page]; `adaptive` may be any of its quality."""

NO_VIDEO = ("text/", "application/json", "application/xml", "application/xhtml")


def is_mislabelled(content_type: str) -> bool:
    """Say whether a source calls its content something that no video is."""
    return content_type.startswith(NO_VIDEO)


def remarks(request: VideoRequest, facts: VideoFacts, content_type: str) -> Iterator[str]:
    if abs(facts.seconds - request.duration) > SECONDS_TOLERANCE:
        yield f"{facts.seconds:.2f} s long, {request.duration} s asked for"
    size, expected = (facts.width, facts.height), SIZES.get((request.quality, request.aspect_ratio))
    if expected is not None and expected != size:
        yield f"{_pixels(size)}, {request.quality} in {request.aspect_ratio} is {_pixels(expected)}"
    if (facts.audio_codec is not None) != request.generate_audio:
        yield "audio track does not match generate_audio"
    if is_mislabelled(content_type):
        yield f"the link called it {content_type}; its content is a video all the same"


def _pixels(size: tuple[int, int]) -> str:
    return f"{size[0]} by {size[1]} pixels"
