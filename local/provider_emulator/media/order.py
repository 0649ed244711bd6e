"""What is to be rendered."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RenderOrder:
    """Everything that decides what a finished video shows and how it sounds."""

    prompt: str
    width: int
    height: int
    duration: int
    generate_audio: bool = True
    images: tuple[Path, ...] = ()
    videos: tuple[Path, ...] = ()
    audios: tuple[Path, ...] = ()
    task_id: str = ""
    seed: str = ""

    @property
    def references(self) -> int:
        return len(self.images) + len(self.videos) + len(self.audios)
