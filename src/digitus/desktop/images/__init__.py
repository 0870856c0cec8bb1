"""Images from outside: file dialog, drop, clipboard, and the view that shows them."""
