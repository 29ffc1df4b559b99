"""The built-in dataset `bch`: what five public documents say of two programmes of police collaboration."""
