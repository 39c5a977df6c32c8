"""Routes as pictures: pure, from a route and the ground around it to SVG, a page, or PNG."""
