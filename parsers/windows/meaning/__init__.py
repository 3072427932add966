"""From the words of Windows to the common model."""
