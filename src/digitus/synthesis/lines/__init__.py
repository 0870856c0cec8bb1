"""Strings of digits, and line images with their text. Read `line_images` first."""
