"""One outside thing, one module: the only places that touch disk, processes and the network."""
