"""Commands that ask devices and hosts what they do with a few well chosen packets: printed, never run."""
