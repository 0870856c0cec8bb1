"""The look of the window: colors, style sheet, icons, painted shapes, labels."""
