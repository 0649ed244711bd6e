"""The whole pipeline on one machine: engine, provider emulator, built template."""
