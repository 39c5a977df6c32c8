"""Model files, and the processes that run models behind the Wyoming protocol."""
