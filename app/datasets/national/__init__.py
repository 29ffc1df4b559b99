"""The built-in dataset `national`: forces, policing bodies, collaborations and people, made from `facts`."""
