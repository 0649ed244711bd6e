"""What subscribers are promised, derived from the types of the events: schemas, registry, pages."""
