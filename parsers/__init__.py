"""How each vendor speaks: configuration text in, the common model out."""
