"""The networks that read line images: format of the images, network, arc scorer, file."""
