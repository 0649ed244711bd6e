"""The page for people at `/`."""

from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

router = APIRouter(include_in_schema=False)
PARTS = {
    "index.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
}


@router.get("/")
async def page() -> Response:
    return _part("index.html")


@router.get("/{name}")
async def page_part(name: str) -> Response:
    return _part(name) if name in PARTS else Response(status_code=404)


def _part(name: str) -> Response:
    text = (files(__package__ or "") / name).read_text(encoding="utf-8")
    return Response(text, media_type=PARTS[name], headers={"cache-control": "no-cache"})
