"""Images from outside: opened, dropped or pasted, and how small arrays are shown."""
