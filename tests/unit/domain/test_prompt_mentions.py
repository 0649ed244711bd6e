import pytest

from video_pipeline.domain.prompt_mentions import mentions


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("use image 1 as the first frame", ["image 1"]),
        ("Image 2, VIDEO 1 and Audio 3.", ["image 2", "video 1", "audio 3"]),
        ("@image1 meets @Image2 and @video1", ["image 1", "image 2", "video 1"]),
        ("images 1, 2 and 3", ["image 1", "image 2", "image 3"]),
        ("images 1-3 & videos 1 to 2", ["image 1", "image 2", "image 3", "video 1", "video 2"]),
        ("以图片1为首帧,图2为尾帧,视频1的运镜,音频1", ["image 1", "image 2", "video 1", "audio 1"]),
        ("image 1 then image 1 again", ["image 1"]),
        ("image 1. The end", ["image 1"]),
        ("images 1-900", ["image 1", "image 900"]),
        ("audio 2.0, video 4k, image 16:9, image 30%, video 1080p", []),
        ("a premium image, the preimage 3", []),
        ("image1234", []),
        ("", []),
    ],
)
def test_a_prompt_names_its_references_by_number(prompt: str, expected: list[str]) -> None:
    found = [f"{field.removesuffix('_urls')} {number}" for field, number in mentions(prompt)]
    assert found == expected
