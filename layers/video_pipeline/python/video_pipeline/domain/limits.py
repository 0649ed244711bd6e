"""What the model and the pipeline allow, and who says so.

Sources: `seed` is the provider's page of this model, `docs` its other documentation,
`s3` Amazon's limits, `pipeline` our own choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Quality = Literal["480p", "720p"]
AspectRatio = Literal["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"]
QUALITIES: tuple[str, ...] = get_args(Quality)
ASPECT_RATIOS: tuple[str, ...] = get_args(AspectRatio)


@dataclass(frozen=True, slots=True)
class Limit:
    """A range, both ends allowed; without a lower end it is told as "at most"."""

    most: int
    unit: str
    source: str
    least: int | None = None

    def __str__(self) -> str:
        if self.least is None:
            return f"at most {self.most:,} {self.unit}"
        return f"{self.least:,} to {self.most:,} {self.unit}"


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "image_urls": Limit(9, "images", "seed", least=0),
        "video_urls": Limit(3, "videos", "seed", least=0),
        "audio_urls": Limit(3, "audio clips", "seed", least=0),
        "duration": Limit(15, "whole seconds", "seed", least=4),
        "prompt": Limit(50_000, "characters", "pipeline"),
        "prompt advice": Limit(500, "Chinese characters", "seed"),
        "reference": Limit(4_096, "characters", "pipeline"),
        "s3 key": Limit(1_024, "bytes", "s3"),
        "manifest key": Limit(800, "bytes", "pipeline"),
        "name": Limit(64, "characters", "pipeline"),
        "metadata": Limit(20, "keys", "pipeline"),
        "metadata size": Limit(4_096, "bytes", "pipeline"),
        "max_credits": Limit(1_000_000_000, "credits", "pipeline"),
        "matrix": Limit(1_000, "jobs from one matrix", "pipeline"),
        "jobs": Limit(10_000, "jobs", "pipeline"),
        "document": Limit(4_000_000, "bytes of JSON or YAML", "pipeline"),
        "lines": Limit(32_000_000, "bytes of JSON Lines", "pipeline"),
        "line": Limit(1_000_000, "bytes in one line", "pipeline"),
        "depth": Limit(32, "levels of nesting", "pipeline"),
        "errors": Limit(1_000, "errors in one receipt", "pipeline"),
    }
)
"""One table; the prompt's limit lies beyond the provider's 10,000 tokens [docs] in any language."""
