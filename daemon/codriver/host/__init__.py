"""What codriver asks of the machine below it: systemd, its journal, and the allocator."""
