"""Drop the samples, watch them, take home what they bring."""
