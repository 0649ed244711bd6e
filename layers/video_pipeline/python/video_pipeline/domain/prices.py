"""What a request will cost at most, by a dated price list."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from video_pipeline.domain.request import VideoRequest

LONGEST_INPUT_VIDEO = Decimal(15)  # seconds in all [seed]


@dataclass(frozen=True, slots=True)
class PriceList:
    """The published rule of the model; `rate` and `minimum` in units.

    `without_video` and `with_video` hold the factor of each quality.
    """

    dated: str
    rate: Decimal
    minimum: Decimal
    without_video: dict[str, Decimal]
    with_video: dict[str, Decimal]
    relaxed_filter: Decimal

    def estimate(self, request: VideoRequest, input_seconds: Decimal | None = None) -> int:
        """Return the most that a request can cost, in units.

        Input video seconds count as at least the output's;
        as long as they are unknown, they are taken to be as many as allowed.
        """
        output = Decimal(request.duration)
        factors, seconds = self.without_video, output
        if request.video_urls:
            given = LONGEST_INPUT_VIDEO if input_seconds is None else input_seconds
            factors, seconds = self.with_video, output + max(given, output)
        billed = seconds.quantize(Decimal("0.1"), ROUND_CEILING)
        charge = max(_rounded(billed * factors[request.quality] * self.rate), self.minimum)
        return int(charge if request.content_filter else _rounded(charge * self.relaxed_filter))


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_HALF_UP)
