"""Whatever goes wrong while files are written: outputs are whole or not there, and no input is lost."""
