"""The look of the window: theme, icons, colors of arrays, small widgets."""
