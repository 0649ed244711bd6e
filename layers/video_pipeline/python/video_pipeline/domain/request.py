"""What is asked of the model, in the provider's own words."""

import json
from dataclasses import asdict, dataclass

MODEL = "seedance-2.0-mini-reference-to-video"


@dataclass(frozen=True, slots=True)
class VideoRequest:
    """One request with every default filled in.

    References are public `https` links or `s3://bucket/key`;
    paths relative to a manifest are resolved before this value exists.
    Defaults are the seed's; `aspect_ratio` is always sent, because later pages changed its default.
    """

    prompt: str
    image_urls: tuple[str, ...] = ()
    video_urls: tuple[str, ...] = ()
    audio_urls: tuple[str, ...] = ()
    duration: int = 5
    quality: str = "720p"
    aspect_ratio: str = "16:9"
    generate_audio: bool = True
    content_filter: bool = True

    def canonical(self) -> str:
        """The same request always gives the same text, whatever its order of keys was."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_canonical(cls, text: str) -> "VideoRequest":
        fields = json.loads(text)
        for name in REFERENCE_LISTS:
            fields[name] = tuple(fields[name])
        return cls(**fields)

    def references(self) -> tuple[str, ...]:
        return (*self.image_urls, *self.video_urls, *self.audio_urls)


REFERENCE_LISTS = ("image_urls", "video_urls", "audio_urls")
