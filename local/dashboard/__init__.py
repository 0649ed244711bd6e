"""Draws the dashboard of the template from the figures that a local run has told."""
