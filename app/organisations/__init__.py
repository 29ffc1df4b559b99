"""Police forces, and the bodies that govern or oversee them."""
