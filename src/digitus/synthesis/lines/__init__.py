"""Strings of digits and line images with their text."""
