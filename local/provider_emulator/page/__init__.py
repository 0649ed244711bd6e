from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import Response

router = APIRouter(include_in_schema=False)
PARTS = {
    "": ("index.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
}


@router.get("/{name}")
async def page_part(name: str) -> Response:
    if name not in PARTS:
        return Response(status_code=404)
    file, media_type = PARTS[name]
    text = (files(__package__) / file).read_text()
    return Response(text, media_type=media_type, headers={"cache-control": "no-cache"})
