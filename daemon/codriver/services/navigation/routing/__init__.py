"""Routes by Valhalla: requests and routes, the one thread that Valhalla runs on, and the charge a route takes."""
