"""Break the whole pipeline in every way, on the local stack, and hold it to its five laws."""
