"""What is allowed and probably not meant."""

from tests.intake.case import Case, bare, manifest, request

TWO = ["a.png", "b.png"]
THREE = ["a.png", "b.png", "c.png"]

CASES: list[Case] = [
    bare("chinese-501", "warning prompt_long $.prompt", prompt="茶" * 501),
    bare("english-501", prompt="a" * 501),
    bare("chinese-among-english", prompt="茶" * 500 + "tea" * 100),
    bare("long-prompt-strict", "prompt_long $.prompt", prompt="茶" * 501, strict=True),
    manifest(
        "long-prompt-in-defaults",
        {
            "defaults": {"prompt": "茶" * 501},
            "jobs": [{"image_urls": ["a"]}, {"image_urls": ["b"]}],
        },
        "warning prompt_long $.defaults.prompt",
        jobs=2,
    ),
    bare(
        "image-4-of-3",
        "warning mention_unknown $.prompt",
        prompt="images 1-3, then image 4",
        image_urls=THREE,
    ),
    bare(
        "tag-4-of-3",
        "warning mention_unknown $.prompt",
        prompt="@image1 @image2 @image3 @image4",
        image_urls=THREE,
    ),
    bare(
        "capital-tag-4-of-3",
        "warning mention_unknown $.prompt",
        prompt="@Image1 @Image2 @Image3 @Image4",
        image_urls=THREE,
    ),
    bare("image-0", "warning mention_unknown $.prompt", prompt="image 1, image 0"),
    bare(
        "video-of-none",
        "warning mention_unknown $.prompt",
        "warning reference_unmentioned $.image_urls[0]",
        prompt="the camera of video 1",
    ),
    bare("chinese-mention", "warning mention_unknown $.prompt", prompt="图片1作为首帧,图2作为尾帧"),
    bare("mention-strict", "mention_unknown $.prompt", prompt="image 1, image 4", strict=True),
    bare(
        "never-mentioned",
        "warning reference_unmentioned $.image_urls[1]",
        prompt="image 1 turns",
        image_urls=TWO,
    ),
    bare(
        "never-mentioned-video",
        "warning reference_unmentioned $.video_urls[0]",
        prompt="image 1 turns",
        video_urls=["v.mp4"],
    ),
    bare("nothing-mentioned", prompt="a cup of tea", image_urls=TWO),
    bare("mentioned-as-a-list", prompt="use images 1, 2 and 3", image_urls=THREE),
    bare("mentioned-as-a-range", prompt="images 1 to 3", image_urls=THREE),
    bare("no-mention-4k", prompt="image 1 in video 4k, image 16:9, audio 2.0, image 50%"),
    bare(
        "seed-example",
        prompt="Use the first-person perspective framing of video 1 throughout, "
        "use audio 1 as background music throughout. image 1.",
        video_urls=["v.mp4"],
        audio_urls=["a.mp3"],
    ),
    bare(
        "same-image-twice",
        "warning reference_repeated $.image_urls[1]",
        image_urls=["a.png", "./a.png"],
    ),
    manifest(
        "warnings-beside-errors",
        {"jobs": [request(prompt="image 1, image 2"), request(duration=3)]},
        "warning mention_unknown $.jobs[0].prompt",
        "out_of_range $.jobs[1].duration",
    ),
    manifest(
        "warning-in-a-matrix",
        {"jobs": [request(prompt="image 1", image_urls=TWO, matrix={"duration": [4, 5]})]},
        "warning reference_unmentioned $.jobs[0].image_urls[1]",
        jobs=2,
    ),
]
