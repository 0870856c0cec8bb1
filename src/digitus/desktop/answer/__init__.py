"""The answer: recognition, the views that show it, and what can be done with it."""
