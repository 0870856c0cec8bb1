"""Paper and camera: what a written page is printed on and photographed with."""
