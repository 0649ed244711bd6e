"""Rehearses on the local engine what an organisation does with stacks in the course of years."""
