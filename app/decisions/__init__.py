"""Business cases on their way, and what the bodies concerned decided."""
