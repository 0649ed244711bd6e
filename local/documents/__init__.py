"""Pages, or parts of pages, that are written from the template."""
