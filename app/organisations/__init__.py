"""Police forces, the bodies that govern or oversee them, and whoever else takes part in what they share."""
