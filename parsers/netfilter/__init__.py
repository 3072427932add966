"""What all programs share that filter with Linux' netfilter: hooks in order, routes, what is unseen."""
