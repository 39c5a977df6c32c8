"""What the bus is made of: connection, types on the wire, described interfaces, exported objects, faults."""
